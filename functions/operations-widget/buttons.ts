import { type Html, html } from './html.ts';

/** A button of the dashboard that calls the widget's function again. */
export interface Button {
  readonly label: string;
  /** What the function is called with, beside what the dashboard adds. */
  readonly ask: Readonly<Record<string, string | number>>;
  /** Asked before the call. */
  readonly confirm?: string;
}

/**
 * A button as custom widgets have it: the action belongs to the element before it. Answers come in a window of their own,
 * so that what was pasted into the form stays there.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
 * @param endpoint ARN of the widget's function
 */
export const button = ({ ask, confirm, label }: Button, endpoint: string): Html =>
  html`<a class="btn">${label}</a><cwdb-action action="call" endpoint="${endpoint}" display="popup"${
    confirm === undefined ? '' : html` confirmation="${confirm}"`
  }>${JSON.stringify(ask)}</cwdb-action>`;

/** Where a token is pasted. It is never sent back: the field is empty whenever the widget is drawn. */
export const TOKEN_FORM = html`<form><label>Operator token (needed to act; an auditor's for the trail; kept in this page only)
<input name="token" type="password" autocomplete="off" size="40"></label></form>`;

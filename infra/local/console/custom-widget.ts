import { type CloudWatchClient, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { isObject } from '../deploy/template.ts';
import { type CustomWidget, readDashboardBody } from './dashboard-body.ts';
import { markdownToHtml } from './markdown.ts';

/** What a custom widget's function is called for. */
export interface WidgetCall {
  readonly dashboard: string;
  /** ARN of the function, as the dashboard names it. */
  readonly endpoint: string;
  /** What stands in the pressed button; nothing when the widget is drawn. */
  readonly ask: Readonly<Record<string, unknown>>;
  /** Fields of the forms in the widget. */
  readonly forms: Readonly<Record<string, string>>;
}

/**
 * Calls a custom widget's function with what CloudWatch would hand over, and gives its HTML.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
 * @returns `undefined` when the dashboard has no such widget: no other function is called from the page
 * @throws Error with the function's own words when it failed
 */
export async function callCustomWidget(
  clients: { readonly cloudWatch: CloudWatchClient; readonly lambda: LambdaClient },
  call: WidgetCall,
): Promise<string | undefined> {
  const { DashboardBody = '{}' } = await clients.cloudWatch.send(
    new GetDashboardCommand({ DashboardName: call.dashboard }),
  );
  const widget = readDashboardBody(DashboardBody).widgets.find(
    (one): one is CustomWidget => one.type === 'custom' && one.endpoint === call.endpoint,
  );
  if (!widget) return undefined;
  const answer = await clients.lambda.send(
    new InvokeCommand({ FunctionName: call.endpoint, Payload: JSON.stringify(eventOf(widget, call)) }),
  );
  const text = answer.Payload?.transformToString() ?? '';
  if (answer.FunctionError) throw new Error(`The widget's function failed: ${text}`);
  const shown: unknown = JSON.parse(text);
  if (isObject(shown)) return markdownToHtml(String(shown['markdown'] ?? ''));
  return String(shown);
}

const eventOf = ({ params, title }: CustomWidget, { ask, dashboard, forms }: WidgetCall) => ({
  ...params,
  ...ask,
  widgetContext: {
    dashboardName: dashboard,
    widgetId: 'widget-1',
    accountId: '000000000000',
    title,
    params,
    forms: { all: forms },
  },
});

/** Reads what the page sends; `undefined` for anything else. */
export function readWidgetCall(body: unknown): WidgetCall | undefined {
  if (!isObject(body)) return undefined;
  const { dashboard, endpoint, ask, forms } = body;
  if (typeof dashboard !== 'string' || typeof endpoint !== 'string') return undefined;
  if (!isObject(ask) || !isObject(forms)) return undefined;
  const fields = Object.entries(forms).filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  );
  return { dashboard, endpoint, ask, forms: Object.fromEntries(fields) };
}

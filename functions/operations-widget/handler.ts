import type { Json } from '#shared/jobs/ports.ts';
import { jobsInTrouble } from '#shared/operations/jobs-in-trouble.ts';
import type { JobStore, Log, RandomSource } from '#shared/operations/ports.ts';
import { type ActingAsk, act } from './act.ts';
import { TOKEN_FORM } from './buttons.ts';
import { type Html, html } from './html.ts';
import type { OperatorApi } from './operator-api.ts';
import { showJobs } from './show-jobs.ts';
import { type Ask, readAsk, readToken } from './widget-event.ts';

export interface WidgetDeps {
  readonly store: Pick<JobStore, 'listOpen'>;
  readonly api: OperatorApi;
  readonly random: Pick<RandomSource, 'ulid'>;
  readonly clock: () => string;
  readonly log: Log;
}

/** What the dashboard shows as HTML, or as text where it says so. */
type WidgetAnswer = string | { readonly markdown: string };

const DESCRIPTION = `### Failed and late jobs
Shows them to whoever sees the dashboard. To retry or cancel, paste a short-lived token of an operator into the form.`;

/**
 * Answers the operations dashboard's custom widget. The event holds a token: nothing of it is logged or sent back.
 * @param endpoint ARN of this function, which the buttons call again
 */
export const operationsWidget =
  (deps: WidgetDeps) =>
  async (event: Json, endpoint: string): Promise<WidgetAnswer> => {
    const ask = readAsk(event);
    if (ask?.do === 'describe') return { markdown: DESCRIPTION };
    const answer = await answerOf(deps, ask, readToken(event), endpoint);
    return answer.text;
  };

async function answerOf(
  deps: WidgetDeps,
  ask: Ask | undefined,
  token: string | undefined,
  endpoint: string,
): Promise<Html> {
  if (ask === undefined) return html`<p>This widget has no such button. Reload the dashboard.</p>`;
  if (!isActing(ask)) {
    const now = deps.clock();
    return showJobs(await jobsInTrouble(deps, now), now, endpoint);
  }
  if (token === undefined)
    return html`<p>Nothing was done: there is no token in the form, or what is in it is none.</p>${TOKEN_FORM}`;
  try {
    return await act(deps, ask, token, endpoint);
  } catch (error) {
    // Its name only: a message may hold what was sent.
    deps.log.error('widget.api_unreachable', { error_name: error instanceof Error ? error.name : 'unknown' });
    return html`<p><b>The API was not reached.</b> Look at the job before you press again.</p>`;
  }
}

const isActing = (ask: Ask): ask is ActingAsk => ask.do !== 'show' && ask.do !== 'describe';

import type { Json, JsonObject } from '#shared/jobs/ports.ts';
import { MOST_PER_SECOND } from '#shared/operations/bodies/bulk-action.ts';
import type { RandomSource } from '#shared/operations/ports.ts';
import { button } from './buttons.ts';
import { type Html, html } from './html.ts';
import type { ApiCall, ApiReply, OperatorApi } from './operator-api.ts';
import type { Ask } from './widget-event.ts';

export type ActingAsk = Exclude<Ask, { readonly do: 'show' | 'describe' }>;

interface ActDeps {
  readonly api: OperatorApi;
  readonly random: Pick<RandomSource, 'ulid'>;
  readonly clock: () => string;
}

/** Jobs a second with which all of a reason may be retried: a broken neighbour that has come back is not run over. */
const RATES = [1, 5, MOST_PER_SECOND] as const;

/** A page of the trail. */
const MOST_ENTRIES = 100;

/** Does what was pressed, as whoever the token names, and says what became of it. */
export async function act(deps: ActDeps, ask: ActingAsk, token: string, endpoint: string): Promise<Html> {
  const reply = await deps.api({ ...callOf(ask), token });
  const body = isObject(reply.body) ? reply.body : {};
  if (reply.status >= 400) return refused(reply, body);
  switch (ask.do) {
    case 'retry':
    case 'cancel':
      return html`<p>${done[ask.do]} The job <code>${ask.jobId}</code> is now <b>${text(body, 'status')}</b>.</p>`;
    case 'audit':
      return audit(ask.jobId, body);
    case 'count':
      return counted(deps, ask, body, endpoint);
    default:
      return progress(body, endpoint);
  }
}

const done = { retry: 'Retried.', cancel: 'Cancelled.' } as const;

function callOf(ask: ActingAsk): Omit<ApiCall, 'token'> {
  switch (ask.do) {
    case 'retry':
    case 'cancel':
      return { method: 'POST', path: `/jobs/${ask.jobId}/${ask.do}` };
    case 'audit':
      return { method: 'GET', path: `/jobs/${ask.jobId}/audit?limit=${MOST_ENTRIES}` };
    case 'count':
      return {
        method: 'POST',
        path: '/bulk-actions',
        body: { action: 'retry', filter: { ...ask.filter }, dry_run: true },
      };
    case 'start':
      return {
        method: 'POST',
        path: '/bulk-actions',
        // The key was made when the button was: pressed twice, it starts one action.
        idempotencyKey: ask.key,
        body: {
          action: 'retry',
          filter: { ...ask.filter },
          dry_run: false,
          rate_per_second: ask.rate,
        },
      };
    case 'progress':
      return { method: 'GET', path: `/bulk-actions/${ask.bulkId}` };
    case 'abort':
      return { method: 'POST', path: `/bulk-actions/${ask.bulkId}/abort` };
  }
}

/** What a dry run found, and the button that does it. */
function counted(
  deps: ActDeps,
  { filter }: Extract<ActingAsk, { do: 'count' }>,
  body: JsonObject,
  endpoint: string,
): Html {
  const matched = member(body, 'matched');
  const count = `${number(matched, 'count')}${matched['more'] === true ? ' or more' : ''}`;
  const { error_code: code, kind, to } = filter;
  const reason = `${kind} jobs that failed with ${code}`;
  if (number(matched, 'count') === 0) return html`<p>There are no ${reason} any more.</p>`;
  // One key for all of them: whichever is pressed first counts, and the API refuses another.
  const key = deps.random.ulid(deps.clock());
  const starts = RATES.map((rate) => ({
    label: `Retry ${count}, ${rate} a second`,
    ask: { do: 'start', kind, to, code, rate, key },
    confirm: `Retry ${count} ${reason}, ${rate} a second? Those whose time has passed are left as they are.`,
  }));
  return html`<p>${count} ${reason}. Nothing has been changed yet.</p>
<p>${starts.map((start) => html`${button(start, endpoint)} `)}</p>`;
}

function progress(body: JsonObject, endpoint: string): Html {
  const bulk = text(body, 'bulk_action_id');
  const of = member(body, 'progress');
  const status = text(body, 'status');
  const more = [
    { label: 'How far is it?', ask: { do: 'progress', bulk } },
    { label: 'Abort', ask: { do: 'abort', bulk }, confirm: 'Abort? What was changed stays changed.' },
  ];
  const line = html`<p>Bulk action <code>${bulk}</code>: <b>${status}</b>; ${number(of, 'changed')} changed,
${number(of, 'refused')} could not be${number(of, 'unreadable') > 0 ? `; ${number(of, 'unreadable')} rows cannot be read: event job.unreadable in the log` : ''}.</p>`;
  return status === 'running'
    ? html`${line}<p>${more.map((one) => html`${button(one, endpoint)} `)}</p>`
    : line;
}

/** The first entries of a job's trail: who did what, when, with what outcome. */
function audit(jobId: string, body: JsonObject): Html {
  const entries = Array.isArray(body['entries']) ? body['entries'].filter(isObject) : [];
  const lines = entries.map((entry) => {
    const actor = member(entry, 'actor');
    const cells = [
      text(entry, 'at'),
      text(entry, 'action'),
      text(entry, 'outcome'),
      text(actor, 'role'),
      text(actor, 'ref'),
    ];
    return html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  const rest =
    text(body, 'next_cursor') === ''
      ? html``
      : html`<p>There are later entries: <code>GET /api/v1/jobs/${jobId}/audit</code> pages through them.</p>`;
  return html`<p>Audit trail of <code>${jobId}</code>:</p>
<table><tr><th>at</th><th>action</th><th>outcome</th><th>role</th><th>by</th></tr>${lines}</table>${rest}`;
}

/** The API's own words: a problem says what to do and repeats nothing that was sent. */
const refused = ({ status }: ApiReply, body: JsonObject): Html =>
  html`<p><b>Refused (${status} ${text(body, 'code')}).</b> ${text(body, 'detail') || text(body, 'title')}</p>`;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const member = (body: JsonObject, name: string): JsonObject => {
  const value = body[name];
  return isObject(value) ? value : {};
};
const text = (body: JsonObject, name: string): string => shown(body[name]);
const shown = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const number = (body: JsonObject, name: string): number => {
  const value = body[name];
  return typeof value === 'number' ? value : 0;
};

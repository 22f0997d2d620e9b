import type { Instant } from '#shared/lifecycle/instant.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import { allows } from '#shared/lifecycle/transitions.ts';
import type { JobsInTrouble, LateJob } from '#shared/operations/jobs-in-trouble.ts';
import { button, TOKEN_FORM } from './buttons.ts';
import { type Html, html } from './html.ts';

/** Jobs of each list that are shown; the reasons count all that were read. */
const SHOWN = 25;

/** The widget as it is first drawn: codes, times and ids of jobs; nothing in it is about a patient. */
export const showJobs = ({ failed, late }: JobsInTrouble, now: Instant, endpoint: string): Html =>
  html`${TOKEN_FORM}
<h3>Failed: ${failed.rows.length}${failed.more ? ' or more' : ''}</h3>
${failed.rows.length === 0 ? noneFailed(failed.unreadable) : reasons(failed.rows, now, endpoint)}
${failed.rows.length === 0 ? html`` : failedTable(failed.rows, endpoint)}
${failed.unreadable === 0 ? html`` : html`<p>${failed.unreadable} failed jobs cannot be read: event job.unreadable in the log.</p>`}
<h3>Late: ${late.jobs.length}${late.more ? ' or more' : ''}</h3>
${late.jobs.length === 0 ? noneLate(late) : lateTable(late.jobs, endpoint)}
${late.unreadable === 0 ? html`` : html`<p>${late.unreadable} open jobs cannot be read, and may be late: event job.unreadable in the log.</p>`}`;

/** What is not read is said below, and is not nothing. */
const noneFailed = (unreadable: number): Html =>
  unreadable === 0 ? html`<p>No job has failed for good.</p>` : html``;

/** A priority with very many open jobs is not read to its end: then nothing is said of those that were not read. */
const noneLate = ({ more, unreadable }: JobsInTrouble['late']): Html =>
  unreadable > 0
    ? html``
    : more
      ? html`<p>Of the open jobs that were read none is late; there are more of them: <code>npm run ops -- jobs late</code></p>`
      : html`<p>No job waits for longer than its priority allows.</p>`;

const NONE = 'none';

/** Failed jobs by kind and reason, those with most jobs first, each with what can be done about all of them. */
function reasons(rows: readonly JobRow[], now: Instant, endpoint: string): Html {
  const groups = Map.groupBy(rows, ({ errorCode = NONE, kind }) => `${kind}\n${errorCode}`);
  const most = [...groups.values()].sort((a, b) => b.length - a.length);
  return html`<table><tr><th>kind</th><th>reason</th><th>jobs</th><th></th></tr>${most.flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { errorCode, kind } = first;
    const ask = { do: 'count', kind, to: now, code: errorCode ?? NONE };
    // What failed without a code cannot be told apart by a filter.
    const retry =
      errorCode === undefined ? html`` : button({ label: 'Retry all of this reason …', ask }, endpoint);
    return html`<tr><td>${kind}</td><td>${errorCode ?? NONE}</td><td>${group.length}</td><td>${retry}</td></tr>`;
  })}</table>`;
}

const HEAD = html`<tr><th>job</th><th>kind</th><th>priority</th><th>status</th><th>reason</th><th>attempts</th>`;

const failedTable = (rows: readonly JobRow[], endpoint: string): Html =>
  html`<table>${HEAD}<th>failed at</th><th></th></tr>${latestFirst(rows)
    .slice(0, SHOWN)
    .map((row) => line(row, html`${row.endedAt ?? ''}`, endpoint))}</table>${beyond(rows.length)}`;

const lateTable = (jobs: readonly LateJob[], endpoint: string): Html =>
  html`<table>${HEAD}<th>next time; late by</th><th></th></tr>${jobs
    .slice(0, SHOWN)
    .map(({ row, seconds }) =>
      line(row, html`${row.nextAttemptAt ?? row.dueAt}; ${Math.round(seconds)} s`, endpoint),
    )}</table>${beyond(jobs.length)}`;

const latestFirst = (rows: readonly JobRow[]): JobRow[] =>
  [...rows].sort((a, b) => (b.endedAt ?? '').localeCompare(a.endedAt ?? ''));

const beyond = (count: number): Html =>
  count > SHOWN ? html`<p>${count - SHOWN} more: <code>npm run ops -- jobs list</code></p>` : html``;

function line(row: JobRow, times: Html, endpoint: string): Html {
  const { attempt, attemptLimit, errorCode = NONE, jobId, kind, priority, status } = row;
  const what = `the ${kind} job ${jobId}`;
  const buttons = [
    ...(allows('redrive', status)
      ? [{ label: 'Retry', ask: { do: 'retry', job: jobId }, confirm: `Retry ${what}?` }]
      : []),
    ...(allows('cancel', status)
      ? [
          {
            label: 'Cancel',
            ask: { do: 'cancel', job: jobId },
            confirm: `Cancel ${what}? It will not run any more.`,
          },
        ]
      : []),
    {
      label: 'Audit',
      ask: { do: 'audit', job: jobId },
      confirm: `Read the audit trail of ${what}? It takes the token of an auditor; the read is recorded.`,
    },
  ];
  return html`<tr><td><code>${jobId}</code></td><td>${kind}</td><td>${priority}</td><td>${status}</td><td>${errorCode}</td><td>${attempt} of ${attemptLimit}</td><td>${times}</td><td>${buttons.map(
    (one) => html`${button(one, endpoint)} `,
  )}</td></tr>`;
}

import Table from 'cli-table3';
import type { BulkView } from './bulk-action.ts';
import type { Found, Job } from './find-jobs.ts';
import type { Late } from './late-jobs.ts';

const COLUMNS = ['job_id', 'kind', 'priority', 'status', 'attempt_count', 'due_at', 'ended_at', 'error_code'];

/** Jobs as a table; a column that is empty throughout is left out. */
export function jobsText(
  { jobs, more, unreadable }: Found,
  columns: readonly string[] = COLUMNS,
  none = more ? 'None so far; there may be others.' : 'None.',
): string {
  const lost =
    unreadable === 0
      ? ''
      : `\n${unreadable} rows cannot be read, and may be of such jobs: event job.unreadable in the log of jobs-api.`;
  if (jobs.length === 0) return none + lost;
  const shown = columns.filter((name) => jobs.some((job) => job[name] !== undefined));
  const table = new Table({ head: shown.map((name) => name.replaceAll('_', ' ')), style: PLAIN });
  for (const job of jobs) table.push(shown.map((name) => String(job[name] ?? '')));
  return `${table.toString()}\n${jobs.length} jobs${more ? '; there may be others: narrow it, or raise --limit' : ''}.${lost}`;
}

const PLAIN = { head: [], border: [] };

export function lateText(late: Late): string {
  const columns = [
    'job_id',
    'kind',
    'priority',
    'status',
    'due_at',
    'lease_until',
    'late_seconds',
    'error_code',
  ];
  const none = late.more
    ? 'None so far; there are more jobs than were looked at.'
    : late.unreadable > 0
      ? 'Of what can be read nothing is late.'
      : 'Nothing is late.';
  const doses = late.jobs.length === 0 ? '' : `\n${late.doses.length} of them tell a patient of a dose.`;
  const paused = late.paused.map((priority) => `\n${priority} is paused: its jobs wait on purpose.`);
  return [jobsText(late, columns, none), doses, ...paused].join('');
}

/** Uses of emergency access as a table. */
export const grantsText = (grants: readonly Job[]): string => {
  if (grants.length === 0) return 'None.';
  const names = ['grant_id', 'status', 'role', 'reason_code', 'granted_at', 'expires_at', 'review_due_at'];
  const table = new Table({ head: names.map((name) => name.replaceAll('_', ' ')), style: PLAIN });
  for (const grant of grants) table.push(names.map((name) => String(grant[name] ?? '')));
  return `${table.toString()}\n${grants.length} uses of emergency access.`;
};

/** All members of one job, those that are no plain value as JSON. */
export function jobText(job: Job): string {
  const table = new Table({ style: PLAIN });
  for (const [name, value] of Object.entries(job))
    table.push([
      name.replaceAll('_', ' '),
      typeof value === 'object' ? JSON.stringify(value, undefined, 2) : String(value),
    ]);
  return table.toString();
}

/** The four priorities, and of CRITICAL what a pause means for doses. */
export function prioritiesText(priorities: readonly Job[]): string {
  const table = new Table({ head: ['priority', 'status', 'since', 'open jobs'], style: PLAIN });
  for (const { priority, status, since, open_jobs: open } of priorities)
    table.push([String(priority), String(status), String(since ?? ''), countText(open)]);
  return table.toString();
}

/** What nobody is told while CRITICAL is paused; nothing for other priorities. */
export function dosesText({
  doses_due: due,
  deliveries_that_may_expire: deliveries,
}: Job): string | undefined {
  if (due === undefined) return undefined;
  const { from, to, by_hour: [next, ...later] = [] } = Object(due);
  const hours = later.map(({ count }: { count: number }) => count).join(' ');
  return (
    `${countText(next)} doses become due within the hour, ${aboutText(due)} from ${from} to ${to}, ` +
    `and ${countText(deliveries)} are ordered and not told yet. The hours after the next one, as far as is known: ${hours}. ` +
    'While CRITICAL is paused no patient is told of any; those whose window passes meanwhile end as not_sent.'
  );
}

function countText(value: unknown): string {
  const { count = '?', more = false } = Object(value);
  return more === true ? `at least ${count}` : String(count);
}

const aboutText = (value: unknown): string =>
  Object(value).more === true ? countText(value) : `about ${countText(value)}`;

const BAR_WIDTH = 30;

/** One line: a bar, and the numbers. What was counted is what stood then, so the bar never goes beyond its end. */
export function bulkLine({ changed, refused, unreadable, matched, more, status }: BulkView): string {
  const done = changed + refused;
  const whole = Math.max(matched, done, 1);
  const filled = status === 'completed' ? BAR_WIDTH : Math.floor((done * BAR_WIDTH) / whole);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const lost = unreadable === 0 ? '' : `, ${unreadable} rows cannot be read (event job.unreadable)`;
  return `${bar} ${done} of ${more ? 'at least ' : ''}${whole === 1 ? matched : whole}, ${refused} refused${lost} (${status})`;
}

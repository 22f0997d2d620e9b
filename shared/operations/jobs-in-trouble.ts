import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { LATE_AFTER_SECONDS, overdueSeconds } from '../lifecycle/overdue.ts';
import { PRIORITY_NAMES } from '../lifecycle/priority.ts';
import type { JobStore } from './ports.ts';

export interface LateJob {
  readonly row: JobRow;
  readonly seconds: number;
}

/** Jobs that need somebody. `more`: there are others, which were not read. */
export interface JobsInTrouble {
  readonly failed: { readonly rows: readonly JobRow[]; readonly more: boolean; readonly unreadable: number };
  /** Latest first. */
  readonly late: { readonly jobs: readonly LateJob[]; readonly more: boolean; readonly unreadable: number };
}

/** Rows that are read at most: of failed ones, and of open ones of each priority. */
const MOST_ROWS = 200;

/** A row is looked at by when it is to be checked next, which may lie so far ahead although its time is over. */
const SEEN_AHEAD_SECONDS = 3600;

/** Failed jobs that nobody has dealt with, and jobs whose time is over for longer than their priority allows. Rows only: nothing is opened. */
export async function jobsInTrouble(
  { store }: { readonly store: Pick<JobStore, 'listOpen'> },
  now: Instant,
): Promise<JobsInTrouble> {
  const until = addSeconds(now, SEEN_AHEAD_SECONDS);
  const [failed, ...open] = await Promise.all([
    store.listOpen({ watches: ['failed'], priorities: PRIORITY_NAMES }, MOST_ROWS),
    ...PRIORITY_NAMES.map((name) => store.listOpen({ watches: ['open'], priorities: [name] }, MOST_ROWS)),
  ]);
  const late = open
    .flatMap(({ rows }) => rows)
    .map((row) => ({ row, seconds: overdueSeconds(row, now) }))
    .filter(({ row, seconds }) => seconds > LATE_AFTER_SECONDS[row.priority])
    .sort((a, b) => b.seconds - a.seconds);
  return {
    failed: { rows: failed.rows, more: failed.next !== undefined, unreadable: failed.unreadable ?? 0 },
    late: {
      jobs: late,
      more: open.some(({ next, rows }) => next !== undefined && (rows.at(-1)?.checkAt ?? '') <= until),
      unreadable: open.reduce((sum, { unreadable = 0 }) => sum + unreadable, 0),
    },
  };
}

import { METRICS } from '../contract/metrics.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { unlessUnreadable } from '../errors/unreadable.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { PRIORITY_NAMES } from '../lifecycle/priority.ts';
import { allows } from '../lifecycle/transitions.ts';
import type { BulkAction } from './bulk-ports.ts';
import { cancelRow } from './cancel-job.ts';
import type { EndDeps } from './commit-end.ts';
import type { Engine } from './engine.ts';
import { systemActor } from './job-change.ts';
import { madeWithin, matches } from './job-filter.ts';
import type { JobPage } from './ports.ts';
import { type RedriveDeps, redriveRow } from './retry-job.ts';
import { watchesOf } from './start-bulk-action.ts';
import { tryEach } from './try-each.ts';

type RunDeps = EndDeps & RedriveDeps & Pick<Engine, 'bulkActions' | 'clock'>;

/** Bulk actions that one round works on; more of them wait. */
const MOST_AT_ONCE = 5;
/** After that long a round begins nothing new: the reconciler itself ends after 50 s. */
const WORK_SECONDS = 20;
/** Longer than a round can last: a round that died is followed by the next but one. */
const LEASE_SECONDS = 55;
/** A minute's jobs at most, since a round comes each minute. */
const ROUND_SECONDS = 60;
/** Between two pages it is seen whether somebody has aborted it. */
const PAGE_ROWS = 50;
const MOST_PAGES = 60;
/** Jobs that are changed at the same time. */
const ABREAST = 5;
const CANCEL_TRIES = 3;

/**
 * One round of work on every bulk action that runs. Where it is stands in its row, and every change of a job is conditional
 * on the job, so a round that dies is gone on with and nothing is done twice: what it has retried or cancelled is no
 * longer what the filter names, and what fails again is younger than the action. Only a function that is killed loses
 * counts, those of the page in hand. A row that cannot be read is counted, named in the log, and passed over.
 * @throws the first failure, after every one of them was tried
 */
export async function runBulkActions(deps: RunDeps): Promise<void> {
  const until = addSeconds(deps.clock(), WORK_SECONDS);
  await tryEach(await deps.bulkActions.running(MOST_AT_ONCE), (action) => work(deps, action, until));
}

async function work(deps: RunDeps, action: BulkAction, until: Instant): Promise<void> {
  const now = deps.clock();
  if ((action.leaseUntil ?? '') > now) return;
  let held = stepOf(action, now, { leaseUntil: addSeconds(now, LEASE_SECONDS) });
  if (!(await deps.bulkActions.change(action, held))) return;
  const priorities = held.filter.priority === undefined ? PRIORITY_NAMES : [held.filter.priority];
  const most = held.ratePerSecond * ROUND_SECONDS;
  let changed = 0;
  for (let pages = 0; pages < MOST_PAGES && changed < most && deps.clock() < until; pages += 1) {
    const limit = Math.min(PAGE_ROWS, most - changed);
    const page = await deps.store.listOpen({ watches: watchesOf(held), priorities }, limit, held.cursor);
    const tally = await changeAll(deps, held, page, changed);
    changed += tally.changed;
    const saved = await save(deps, held, tally, page.next);
    if (tally.failed) throw tally.failed.error;
    if (saved.status !== 'running') return;
    held = saved;
  }
  const { leaseUntil, ...free } = held;
  // Whoever has changed it meanwhile has taken the lease away with it.
  await deps.bulkActions.change(held, stepOf(free, deps.clock(), {}));
}

const stepOf = (action: BulkAction, now: Instant, set: Partial<BulkAction>): BulkAction => ({
  ...action,
  ...set,
  updatedAt: now,
  revision: action.revision + 1,
});

/** What became of the jobs of a page. */
interface Tally {
  readonly changed: number;
  readonly refused: number;
  readonly unreadable: number;
  /** The page was not done to its end, and is read once more: only what is changed is no longer found then. */
  readonly failed?: { readonly error: unknown };
}

type End = 'changed' | 'refused' | 'unreadable';

/** The page's jobs, some of them at the same time. @param before how many this round has changed already */
async function changeAll(
  deps: RunDeps,
  action: BulkAction,
  { rows, unreadable = 0 }: Pick<JobPage, 'rows' | 'unreadable'>,
  before: number,
): Promise<Tally> {
  const wanted = rows.filter((row) => isMeant(action, row));
  const ends: End[] = [];
  const count = (end: End) => ends.filter((one) => one === end).length;
  for (let start = 0; start < wanted.length; start += ABREAST) {
    const some = wanted.slice(start, start + ABREAST);
    // What is retried is spread over the minute: the work behind it comes at the rate that was asked for.
    const spread = (index: number) => Math.floor((before + start + index) / action.ratePerSecond);
    const settled = await Promise.allSettled(
      some.map((row, index) => endOf(deps, action, row, spread(index))),
    );
    ends.push(...settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const failure = settled.find((one) => one.status === 'rejected');
    if (failure)
      return { changed: count('changed'), refused: 0, unreadable: 0, failed: { error: failure.reason } };
  }
  return {
    changed: count('changed'),
    refused: count('refused'),
    unreadable: unreadable + count('unreadable'),
  };
}

async function endOf(deps: RunDeps, action: BulkAction, row: JobRow, spreadSeconds: number): Promise<End> {
  const { jobId, kind } = row;
  const done = await unlessUnreadable(
    () => changeOne(deps, action, row, spreadSeconds),
    () => {
      deps.log.error('job.unreadable', { job_id: jobId, kind });
      deps.metrics.add(METRICS.runFailures, 1, 'Count');
    },
  );
  return done === undefined ? 'unreadable' : done ? 'changed' : 'refused';
}

/** Whether it stood when the action was asked for, as it stands now. */
function isMeant({ action, filter, createdAt }: BulkAction, row: JobRow): boolean {
  const event = action === 'retry' ? 'redrive' : 'cancel';
  const since = action === 'retry' ? (row.endedAt ?? row.createdAt) : row.createdAt;
  return allows(event, row.status) && since < createdAt && matches(filter, row) && madeWithin(filter, row);
}

/** False when the job cannot be changed, has moved, or its user has too many open jobs. The index follows the row, so the row itself is read first. */
async function changeOne(
  deps: RunDeps,
  action: BulkAction,
  { jobId }: JobRow,
  spreadSeconds: number,
): Promise<boolean> {
  const { actor, correlationId, bulkActionId } = action;
  const details = { request_correlation_id: correlationId, bulk_action_id: bulkActionId };
  for (let tries = 0; tries < CANCEL_TRIES; tries += 1) {
    const row = await deps.store.read(jobId);
    if (!row || !isMeant(action, row)) return false;
    if (action.action === 'cancel') {
      if (await cancelRow(deps, row, { actor, details })) return true;
      continue;
    }
    try {
      await redriveRow(deps, row, { actor, details, now: deps.clock(), spreadSeconds });
      return true;
    } catch (error) {
      if (error instanceof ProblemError) return false;
      throw error;
    }
  }
  return false;
}

/** Writes down how far it is, a page or a part of it; what was done after somebody has aborted it is counted all the same. */
async function save(
  deps: RunDeps,
  held: BulkAction,
  tally: Tally,
  next: string | undefined,
): Promise<BulkAction> {
  const now = deps.clock();
  const { cursor, ...rest } = counted(held, tally);
  const place = tally.failed ? cursor : next;
  const ended = !tally.failed && next === undefined;
  const after = stepOf(rest, now, {
    ...(place !== undefined && { cursor: place }),
    ...(ended && { status: 'completed', endedAt: now }),
  });
  if (await deps.bulkActions.change(held, after, ended ? endEntry(deps, after) : undefined)) {
    if (ended) deps.log.info('bulk_action.completed', { reason: held.action, count: after.changed });
    return after;
  }
  const moved = await deps.bulkActions.read(held.bulkActionId);
  if (!moved || moved.status === 'running') return { ...held, status: 'aborted' };
  await deps.bulkActions.change(moved, stepOf(counted(moved, tally), now, {}));
  return moved;
}

const counted = (action: BulkAction, { changed, refused, unreadable }: Tally): BulkAction => ({
  ...action,
  changed: action.changed + changed,
  refused: action.refused + refused,
  unreadable: (action.unreadable ?? 0) + unreadable,
});

const endEntry = (deps: Pick<Engine, 'random'>, action: BulkAction) =>
  standaloneEntry(
    {
      at: action.updatedAt,
      action: 'bulk_action.completed',
      outcome: 'success',
      actor: systemActor('reconciler'),
      correlationId: action.correlationId,
      details: {
        bulk_action_id: action.bulkActionId,
        changed: action.changed,
        refused: action.refused,
        ...(action.unreadable !== undefined && { unreadable: action.unreadable }),
      },
    },
    deps.random.ulid(action.updatedAt),
  );

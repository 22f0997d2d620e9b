import { METRICS } from '../contract/metrics.ts';
import { checkAtQueued, nextCheckAt } from '../lifecycle/check-at.ts';
import { type Instant, secondsBetween } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { PRIORITY_NAMES, type Priority } from '../lifecycle/priority.ts';
import { isTerminal } from '../lifecycle/transitions.ts';
import type { CommitDeps } from './commit-change.ts';
import type { Engine } from './engine.ts';
import { jobChange, systemActor } from './job-change.ts';
import type { QueuedMessage } from './ports.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

type ReconcileDeps = CommitDeps & Pick<Engine, 'clock'>;

/** Rows of one priority that one round looks at. */
export const ROWS_PER_ROUND = 500;

/** While a queue shows visible messages its jobs are merely waiting; from here on a row is looked at all the same. */
export const BACKLOG_PATIENCE_SECONDS = 900;

/**
 * Finds jobs that should have moved and have not: a lost message, a worker that died without its message coming
 * back. Sends them again; the claim decides whether there is anything left to do.
 * @returns the number of repairs
 */
export async function reconcile(deps: ReconcileDeps): Promise<number> {
  const now = deps.clock();
  let repairs = 0;
  for (const priority of PRIORITY_NAMES) {
    repairs += await reconcileOpen(deps, priority, now);
    repairs += await reconcileWaiting(deps, priority, now);
  }
  deps.log.info('reconciler.done', { count: repairs });
  return repairs;
}

async function reconcileOpen(deps: ReconcileDeps, priority: Priority, now: Instant): Promise<number> {
  const rows = await deps.store.watched('open', priority, now, ROWS_PER_ROUND);
  if (rows.length === 0) return 0;
  const backlog = await deps.queue.hasBacklog(priority);
  const messages: QueuedMessage[] = [];
  for (const row of rows) {
    const overdue = secondsBetween(row.checkAt ?? now, now);
    if (backlog && overdue < BACKLOG_PATIENCE_SECONDS) continue;
    // The next look is written first: two reconcilers at once send one message, and a lost one is sent again later.
    const next = { checkAt: nextCheckAt(now, row.checks), checks: row.checks + 1 };
    if (!(await deps.store.touch(row, next))) continue;
    messages.push(queuedMessage(row, now));
    repaired(deps, row);
  }
  await sendJobs(deps, messages);
  return messages.length;
}

/** A parent whose children have all ended is sent on; otherwise it is looked at again later. */
async function reconcileWaiting(deps: ReconcileDeps, priority: Priority, now: Instant): Promise<number> {
  const rows = await deps.store.watched('waiting', priority, now, ROWS_PER_ROUND);
  let repairs = 0;
  for (const row of rows) {
    const children = await deps.store.readMany(row.children ?? []);
    if (children.some((child) => child && !isTerminal(child.status))) {
      await deps.store.touch(row, { checkAt: nextCheckAt(now, row.checks), checks: row.checks + 1 });
      continue;
    }
    const change = jobChange(
      {
        event: 'childrenDone',
        before: row,
        now,
        actor: systemActor('reconciler'),
        set: { openChildren: 0, round: row.round + 1, checkAt: checkAtQueued(now) },
      },
      deps.random,
    );
    if ((await deps.store.commit(change)) !== 'committed') continue;
    await sendJobs(deps, [queuedMessage(change.after, now)]);
    repaired(deps, row);
    repairs += 1;
  }
  return repairs;
}

function repaired(deps: ReconcileDeps, row: JobRow): void {
  deps.metrics.add(METRICS.repairs, 1, 'Count', { kind: row.kind, priority: row.priority });
  deps.log.warn('reconciler.repaired', {
    job_id: row.jobId,
    kind: row.kind,
    status: row.status,
    count: row.checks + 1,
  });
}

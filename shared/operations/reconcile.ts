import { METRICS } from '../contract/metrics.ts';
import { checkAtQueued, nextCheckAt } from '../lifecycle/check-at.ts';
import { addSeconds, type Instant, later, secondsBetween } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { overdueSeconds } from '../lifecycle/overdue.ts';
import { PRIORITY_NAMES, type Priority } from '../lifecycle/priority.ts';
import { NONE_PAUSED, type PauseStates } from '../lifecycle/priority-pause.ts';
import { isTerminal } from '../lifecycle/transitions.ts';
import type { CommitDeps } from './commit-change.ts';
import type { Engine } from './engine.ts';
import { followPause } from './follow-pauses.ts';
import { jobChange, systemActor } from './job-change.ts';
import type { QueuedMessage } from './ports.ts';
import { queuedMessage, sendJobs } from './send-job.ts';
import { tryEach } from './try-each.ts';

type ReconcileDeps = CommitDeps & Pick<Engine, 'clock' | 'pauses' | 'intake'>;

/** Rows of one priority that one round looks at. */
export const ROWS_PER_ROUND = 500;

/** While a queue shows visible messages its jobs are merely waiting; from here on a row is looked at all the same. */
export const BACKLOG_PATIENCE_SECONDS = 900;

/** Rows are read this far beyond their check, so that a queue that stands still shows before the first check is due. */
const SEEN_AHEAD_SECONDS = 3600;

interface Round {
  readonly now: Instant;
  pauses: PauseStates;
  repairs: number;
}

/**
 * Finds jobs that should have moved and have not: a lost message, a worker that died without its message coming
 * back. Sends them again; the claim decides whether there is anything left to do. Jobs of a paused priority wait on
 * purpose: they are measured and otherwise left alone.
 * @returns the number of repairs
 * @throws the first failure, after every priority and row was tried
 */
export async function reconcile(deps: ReconcileDeps): Promise<number> {
  const round: Round = { now: deps.clock(), pauses: NONE_PAUSED, repairs: 0 };
  const steps = [
    // When this fails, nothing counts as paused: a message too many does no harm, a lost one would.
    async () => {
      round.pauses = await deps.pauses.read();
    },
    ...PRIORITY_NAMES.flatMap((priority) => [
      () => followPause(deps, priority, round.pauses[priority]),
      () => reconcileOpen(deps, priority, round),
      () => reconcileWaiting(deps, priority, round),
    ]),
  ];
  try {
    await tryEach(steps, (step) => step());
  } finally {
    deps.log.info('reconciler.done', { count: round.repairs });
  }
  return round.repairs;
}

async function reconcileOpen(deps: ReconcileDeps, priority: Priority, round: Round): Promise<void> {
  const { now } = round;
  const open = await deps.store.watched(
    'open',
    priority,
    addSeconds(now, SEEN_AHEAD_SECONDS),
    ROWS_PER_ROUND,
  );
  const overdue = open.map((row) => overdueSeconds(row, now));
  deps.metrics.add(METRICS.oldestOverdue, Math.max(0, ...overdue), 'Seconds', { priority });
  const { phase, changedAt = '' } = round.pauses[priority];
  if (phase === 'paused') return;
  const rows = open.filter((row) => row.checkAt !== undefined && row.checkAt <= now);
  if (rows.length === 0) return;
  const backlog = await deps.queue.hasBacklog(priority);
  const messages: QueuedMessage[] = [];
  try {
    await tryEach(rows, async (row) => {
      // All that has waited through a pause is long past its check; its messages count as waiting from the resumption on.
      const overdue = secondsBetween(later(row.checkAt ?? now, changedAt), now);
      if (backlog && overdue < BACKLOG_PATIENCE_SECONDS) return;
      // The next look is written first: two reconcilers at once send one message, and a lost one is sent again later.
      const next = { checkAt: nextCheckAt(now, row.checks), checks: row.checks + 1 };
      if (!(await deps.store.touch(row, next))) return;
      messages.push(queuedMessage(row, now));
      repaired(deps, row, round);
    });
  } finally {
    // What was moved on is not looked at for a while, so its message must go out whatever else failed.
    await sendJobs(deps, messages);
  }
}

/** A parent whose children have all ended is sent on; otherwise it is looked at again later. */
async function reconcileWaiting(deps: ReconcileDeps, priority: Priority, round: Round): Promise<void> {
  const { now } = round;
  const rows = await deps.store.watched('waiting', priority, now, ROWS_PER_ROUND);
  await tryEach(rows, async (row) => {
    const children = await deps.store.readMany(row.children ?? []);
    if (children.some((child) => child && !isTerminal(child.status))) {
      await deps.store.touch(row, { checkAt: nextCheckAt(now, row.checks), checks: row.checks + 1 });
      return;
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
    if ((await deps.store.commit(change)) !== 'committed') return;
    await sendJobs(deps, [queuedMessage(change.after, now)]);
    repaired(deps, row, round);
  });
}

function repaired(deps: ReconcileDeps, row: JobRow, round: Round): void {
  round.repairs += 1;
  deps.metrics.add(METRICS.repairs, 1, 'Count', { kind: row.kind, priority: row.priority });
  deps.log.warn('reconciler.repaired', {
    job_id: row.jobId,
    kind: row.kind,
    status: row.status,
    correlation_id: row.correlationId,
    count: row.checks + 1,
  });
}

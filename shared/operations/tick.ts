import { checkAtQueued } from '../lifecycle/check-at.ts';
import { type Instant, later } from '../lifecycle/instant.ts';
import { PRIORITY_NAMES, type Priority } from '../lifecycle/priority.ts';
import type { CommitDeps } from './commit-change.ts';
import type { Engine } from './engine.ts';
import { jobChange, systemActor } from './job-change.ts';
import type { QueuedMessage } from './ports.ts';
import { queuedMessage, sendJobs } from './send-job.ts';
import { tryEach } from './try-each.ts';

type TickDeps = CommitDeps & Pick<Engine, 'clock' | 'tickQueue' | 'dueBuckets'>;

/** Scheduled jobs of one priority that one tick releases; the next tick goes on. */
const RELEASES_PER_TICK = 500;

/**
 * Runs every minute: starts a worker for each shard of due schedules, and releases scheduled jobs.
 * @throws the first failure, after everything was tried
 */
export async function tick(deps: TickDeps): Promise<{ released: number }> {
  const now = deps.clock();
  const messages: QueuedMessage[] = [];
  const releases = PRIORITY_NAMES.map((priority) => () => releaseScheduled(deps, priority, now, messages));
  try {
    await tryEach([() => deps.tickQueue.start(deps.dueBuckets.shards), ...releases], (step) => step());
  } finally {
    // What was released has left the scheduled ones, so its message must go out whatever else failed.
    await sendJobs(deps, messages);
    deps.log.info('tick.done', { count: messages.length });
  }
  return { released: messages.length };
}

/** `checkAt` of a scheduled row lies ahead of its due time, so what is due to be released is what is past it. */
async function releaseScheduled(
  deps: TickDeps,
  priority: Priority,
  now: Instant,
  messages: QueuedMessage[],
): Promise<void> {
  const rows = await deps.store.watched('scheduled', priority, now, RELEASES_PER_TICK);
  await tryEach(rows, async (row) => {
    const checkAt = checkAtQueued(later(now, row.dueAt));
    const change = jobChange(
      { event: 'release', before: row, now, actor: systemActor('tick'), set: { checkAt } },
      deps.random,
    );
    if ((await deps.store.commit(change)) === 'committed') messages.push(queuedMessage(change.after, now));
  });
}

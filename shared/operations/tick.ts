import { checkAtQueued } from '../lifecycle/check-at.ts';
import { type Instant, later } from '../lifecycle/instant.ts';
import { PRIORITY_NAMES } from '../lifecycle/priority.ts';
import type { CommitDeps } from './commit-change.ts';
import type { Engine } from './engine.ts';
import { jobChange, systemActor } from './job-change.ts';
import type { QueuedMessage } from './ports.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

type TickDeps = CommitDeps & Pick<Engine, 'clock' | 'tickQueue' | 'dueBuckets'>;

/** Scheduled jobs of one priority that one tick releases; the next tick goes on. */
const RELEASES_PER_TICK = 500;

/** Runs every minute: starts a worker for each shard of due schedules, then releases scheduled jobs. */
export async function tick(deps: TickDeps): Promise<{ released: number }> {
  const now = deps.clock();
  await deps.tickQueue.start(deps.dueBuckets.shards);
  const released = await releaseScheduled(deps, now);
  deps.log.info('tick.done', { count: released });
  return { released };
}

/** `checkAt` of a scheduled row lies ahead of its due time, so what is due to be released is what is past it. */
async function releaseScheduled(deps: TickDeps, now: Instant): Promise<number> {
  const messages: QueuedMessage[] = [];
  for (const priority of PRIORITY_NAMES) {
    const rows = await deps.store.watched('scheduled', priority, now, RELEASES_PER_TICK);
    for (const row of rows) {
      const checkAt = checkAtQueued(later(now, row.dueAt));
      const change = jobChange(
        { event: 'release', before: row, now, actor: systemActor('tick'), set: { checkAt } },
        deps.random,
      );
      if ((await deps.store.commit(change)) === 'committed') messages.push(queuedMessage(change.after, now));
    }
  }
  await sendJobs(deps, messages);
  return messages.length;
}

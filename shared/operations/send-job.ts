import { METRICS } from '../contract/metrics.ts';
import { addSeconds, type Instant, later, secondsBetween } from '../lifecycle/instant.ts';
import { type JobRow, messageOf } from '../lifecycle/job-row.ts';
import type { Engine } from './engine.ts';
import { LONGEST_DELAY_SECONDS } from './new-job.ts';
import type { QueuedMessage } from './ports.ts';

export type SendDeps = Pick<Engine, 'queue' | 'metrics' | 'log'>;

/** The message of a row, delayed until the row is due. `spreadSeconds` is added on top. */
export function queuedMessage(row: JobRow, now: Instant, spreadSeconds = 0): QueuedMessage {
  const start = later(row.nextAttemptAt ?? row.dueAt, row.dueAt);
  const wait = Math.ceil(secondsBetween(now, addSeconds(start, spreadSeconds)));
  return {
    message: messageOf(row),
    // Rounded up, because a delivery is never early.
    delaySeconds: Math.min(Math.max(wait, 0), LONGEST_DELAY_SECONDS),
    groupRef: row.userRef ?? row.actorRef,
    correlationId: row.correlationId,
  };
}

/**
 * Sends the messages of rows that stand already. A message that is not taken is no error of the caller: the row is
 * the promise, and the reconciler sends it again.
 */
export async function sendJobs(deps: SendDeps, messages: readonly QueuedMessage[]): Promise<void> {
  if (messages.length === 0) return;
  let lost: readonly QueuedMessage[];
  let reason = 'not_taken';
  try {
    lost = await deps.queue.sendMany(messages);
  } catch (error) {
    lost = messages;
    reason = error instanceof Error ? error.name : 'unknown';
  }
  for (const { message, correlationId } of lost) {
    const fields = { job_id: message.jobId, kind: message.kind, correlation_id: correlationId };
    deps.log.warn('job.enqueue_failed', { ...fields, reason });
    deps.metrics.add(METRICS.enqueueFailures, 1, 'Count');
  }
}

import { METRICS } from '../contract/metrics.ts';
import { FenceLostError } from '../errors/attempt-error.ts';
import type { ClaimRefusal } from '../lifecycle/claim.ts';
import { type Instant, msOf, secondsBetween } from '../lifecycle/instant.ts';
import type { JobMessage, JobRow } from '../lifecycle/job-row.ts';
import { attemptWorld, type WorldDeps } from './attempt-world.ts';
import { endWithoutAttempt } from './end-without-attempt.ts';
import type { Engine } from './engine.ts';
import { failAttempt } from './fail-attempt.ts';
import { finishAttempt } from './finish-attempt.ts';
import { logAbout } from './log-with-fields.ts';
import { openJob } from './open-job.ts';

export type AttemptDeps = WorldDeps &
  Pick<Engine, 'queue' | 'kinds' | 'random' | 'metrics' | 'log' | 'timing' | 'aroundProcess'>;

/** What becomes of the message: deleted, or kept (an item failure) and visible again after so many seconds. */
export type AttemptEnd =
  | { readonly message: 'delete' }
  | { readonly message: 'keep'; readonly visibilitySeconds: number };

const DELETE: AttemptEnd = { message: 'delete' };

/**
 * One attempt of one job: claim, do the work, commit everything in one transaction under the claim's fence.
 * Throws only when the store cannot be reached or other writers keep it busy; the message then comes back after its
 * visibility timeout.
 * @param onRow told the job's row as soon as it is known, also when the claim is refused: for lines of the caller's own
 */
export async function runAttempt(
  bare: AttemptDeps,
  message: JobMessage,
  onRow: (row: JobRow) => void = () => undefined,
): Promise<AttemptEnd> {
  const now = bare.clock();
  const timing = bare.timing[message.priority];
  const answer = await bare.store.claim({
    jobId: message.jobId,
    generation: message.generation,
    now,
    timing,
  });
  const found = 'refusal' in answer ? answer.refusal : answer;
  if ('row' in found) onRow(found.row);
  const deps = 'row' in found ? { ...bare, log: logAbout(bare.log, found.row) } : bare;
  if ('refusal' in answer) return settleRefusal(deps, message, answer.refusal, now);

  const { row } = answer;
  const dimensions = { kind: row.kind, priority: row.priority };
  // A job that a person retries has not waited in the queue since it was first due.
  if (row.attempt === 1 && row.round === 0 && row.generation === 1)
    deps.metrics.add(METRICS.queueWait, msOf(now) - msOf(row.dueAt), 'Milliseconds', {
      priority: row.priority,
    });
  deps.log.info('attempt.started', attemptFields(row));
  try {
    const end = await work(deps, row);
    deps.metrics.add(METRICS.executionTime, msOf(deps.clock()) - msOf(now), 'Milliseconds', dimensions);
    return end;
  } catch (error) {
    if (error instanceof FenceLostError) return discard(deps, row);
    deps.metrics.add(METRICS.executionTime, msOf(deps.clock()) - msOf(now), 'Milliseconds', dimensions);
    return (await failAttempt(deps, row, error)) ?? discard(deps, row);
  }
}

async function work(deps: AttemptDeps, row: JobRow): Promise<AttemptEnd> {
  const { opened, view } = await openJob(deps, row);
  const world = attemptWorld(deps, row);
  const attempt = () => deps.aroundProcess(row.kind, () => opened.process(view, world));
  const committed = await finishAttempt(deps, row, attempt);
  return committed ? DELETE : discard(deps, row);
}

function discard(deps: AttemptDeps, row: JobRow): AttemptEnd {
  // Cancelled meanwhile, or held by a later attempt: that one, or the reconciler, answers for the job.
  deps.log.warn('attempt.discarded', attemptFields(row));
  deps.metrics.add(METRICS.discardedAttempts, 1, 'Count', { kind: row.kind, priority: row.priority });
  return DELETE;
}

async function settleRefusal(
  deps: AttemptDeps,
  message: JobMessage,
  refusal: ClaimRefusal,
  now: Instant,
): Promise<AttemptEnd> {
  const { reason } = refusal;
  if (reason === 'early') {
    const wait = Math.ceil(secondsBetween(now, refusal.until));
    deps.log.info('message.early', { job_id: message.jobId, kind: message.kind, delay_seconds: wait });
    return { message: 'keep', visibilitySeconds: Math.min(Math.max(wait, 1), LONGEST_VISIBILITY_SECONDS) };
  }
  if (reason === 'exhausted' || reason === 'expired') await endWithoutAttempt(deps, refusal.row, reason, now);
  else deps.metrics.add(METRICS.duplicateDeliveries, 1, 'Count');
  deps.log.info('message.dropped', { job_id: message.jobId, kind: message.kind, reason });
  return DELETE;
}

/** SQS allows 12 hours. */
const LONGEST_VISIBILITY_SECONDS = 43_200;

const attemptFields = (row: JobRow) => ({
  job_id: row.jobId,
  kind: row.kind,
  priority: row.priority,
  generation: row.generation,
  attempt: row.attempt,
});

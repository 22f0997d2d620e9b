import { METRICS } from '../contract/metrics.ts';
import {
  errorCodeOf,
  isErased,
  PermanentError,
  RetryableError,
  waitsForAnother,
} from '../errors/attempt-error.ts';
import { errorFields } from '../errors/error-fields.ts';
import { checkAtRetrying } from '../lifecycle/check-at.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { attemptDurationMs } from './attempt-duration.ts';
import { commitEnd, type EndDeps } from './commit-end.ts';
import type { Engine } from './engine.ts';
import { jobChange, systemActor } from './job-change.ts';
import { LONGEST_DELAY_SECONDS } from './new-job.ts';
import type { CommitAnswer } from './ports.ts';
import type { AttemptEnd } from './run-attempt.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

/**
 * Longer than anything takes for which another job waits: an export of DynamoDB's is given up after two days. Who still waits then waits
 * for something that will not end by itself, or behind so many others that a person has to know.
 */
const LONGEST_WAIT_SECONDS = 72 * 3_600;
const WAITED_TOO_LONG = 'waited_too_long';

type FailDeps = EndDeps & Pick<Engine, 'clock' | 'timing'>;

/**
 * Ends an attempt that threw. A permanent error ends the job at once; a retryable or unknown one lets the message come
 * back after the delay, or, in the last attempt, records `failed` and lets the redrive policy take the message. Who merely
 * waits for another job comes later, as often as it takes, for three days at most.
 * @returns `undefined` when the attempt has lost the job, or had ended it and only the answer got lost: nothing was
 *   written or counted then
 * @throws RetryableError('conflict') when other writers kept the end from being recorded
 */
export async function failAttempt(
  deps: FailDeps,
  row: JobRow,
  error: unknown,
): Promise<AttemptEnd | undefined> {
  const now = deps.clock();
  const waitsSince = waitsForAnother(error) ? (row.waitsSince ?? now) : undefined;
  const waitedTooLong = waitsSince !== undefined && now >= addSeconds(waitsSince, LONGEST_WAIT_SECONDS);
  const errorCode = waitedTooLong ? WAITED_TOO_LONG : errorCodeOf(error);
  const dimensions = { kind: row.kind, priority: row.priority };
  const fields = {
    job_id: row.jobId,
    ...dimensions,
    generation: row.generation,
    attempt: row.attempt,
    duration_ms: attemptDurationMs(row, now),
    ...errorFields(error),
    error_code: errorCode,
  };
  const permanent = error instanceof PermanentError || isErased(error) || waitedTooLong;
  const last = row.attempt >= row.attemptLimit;
  const plan = { before: row, now, actor: systemActor('worker'), errorCode };
  const visibilitySeconds = deps.timing[row.priority].visibilitySeconds;

  if (waitsSince !== undefined && !waitedTooLong) {
    const nextAttemptAt = addSeconds(now, Math.min(visibilitySeconds, LONGEST_DELAY_SECONDS));
    // What has not begun is no attempt.
    const checkAt = checkAtRetrying(nextAttemptAt);
    const set = { attempt: row.attempt - 1, nextAttemptAt, waitsSince, checkAt };
    const change = jobChange({ ...plan, event: 'retryLater', attemptOutcome: 'retry', set }, deps.random);
    if (!stands(await deps.store.commit(change))) return undefined;
    // A new message: the queue would count the receives of the old one, and call it dead.
    await sendJobs(deps, [queuedMessage(change.after, now)]);
    deps.metrics.add(METRICS.errorRate, 0, 'Count', dimensions);
    deps.log.info('attempt.postponed', fields);
    return { message: 'delete' };
  }

  if (!permanent && !last) {
    const nextAttemptAt = addSeconds(now, visibilitySeconds);
    const set = { nextAttemptAt, checkAt: checkAtRetrying(nextAttemptAt) };
    const change = jobChange({ ...plan, event: 'retryLater', attemptOutcome: 'retry', set }, deps.random);
    if (!stands(await deps.store.commit(change))) return undefined;
    deps.metrics.add(METRICS.errorRate, 1, 'Count', dimensions);
    deps.metrics.add(METRICS.retryCount, 1, 'Count', dimensions);
    deps.log.warn('attempt.retrying', fields);
    return { message: 'keep', visibilitySeconds };
  }

  const event = 'fail';
  const change = jobChange({ ...plan, event, attemptOutcome: 'failed' }, deps.random);
  if (!stands(await commitEnd(deps, { ...change, event }, now))) return undefined;
  deps.metrics.add(METRICS.errorRate, 1, 'Count', dimensions);
  deps.metrics.add(METRICS.successRate, 0, 'Count', dimensions);
  deps.log.error('attempt.failed', fields);
  if (permanent) return { message: 'delete' };
  deps.metrics.add(METRICS.deadLetters, 1, 'Count', dimensions);
  return { message: 'keep', visibilitySeconds: 0 };
}

function stands(answer: CommitAnswer): boolean {
  // The message comes back by itself: deleting it would leave the job to the reconciler.
  if (answer === 'conflict')
    throw new RetryableError('conflict', 'Other writers kept the end of an attempt from being recorded.');
  return answer === 'committed';
}

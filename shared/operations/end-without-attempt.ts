import { METRICS } from '../contract/metrics.ts';
import { RetryableError } from '../errors/attempt-error.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { commitEnd, type EndDeps } from './commit-end.ts';
import { jobChange, systemActor } from './job-change.ts';

/**
 * Ends a job that no further attempt may begin: `exhausted` (its attempts are used up and the last worker died) is
 * recorded as `failed`, `expired` as such, `undeliverable` (its messages die without an attempt) as `failed`.
 * @returns false when the job has moved on meanwhile
 * @throws RetryableError('conflict') when other writers kept it from being recorded
 */
export async function endWithoutAttempt(
  deps: EndDeps,
  row: JobRow,
  reason: 'exhausted' | 'expired' | 'undeliverable',
  now: Instant,
): Promise<boolean> {
  const errorCode =
    reason === 'exhausted'
      ? (row.errorCode ?? 'worker_died')
      : reason === 'expired'
        ? 'window_passed'
        : reason;
  const event = reason === 'expired' ? 'expire' : 'bury';
  const change = jobChange({ event, before: row, now, actor: systemActor('worker'), errorCode }, deps.random);
  const answer = await commitEnd(deps, { ...change, event }, now);
  if (answer === 'conflict')
    throw new RetryableError('conflict', 'Other writers kept the end of a job from being recorded.');
  const committed = answer === 'committed';
  if (!committed) return false;
  const dimensions = { kind: row.kind, priority: row.priority };
  deps.metrics.add(METRICS.successRate, 0, 'Count', dimensions);
  if (event === 'expire') return true;
  deps.metrics.add(METRICS.deadLetters, 1, 'Count', dimensions);
  deps.log.error('dead_letter.failed', {
    job_id: row.jobId,
    ...dimensions,
    generation: row.generation,
    error_code: errorCode,
  });
  return true;
}

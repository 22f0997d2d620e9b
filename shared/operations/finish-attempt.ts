import { METRICS } from '../contract/metrics.ts';
import { RetryableError } from '../errors/attempt-error.ts';
import type { Done } from '../jobs/ports.ts';
import { checkAtWaiting } from '../lifecycle/check-at.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { addCounts } from './add-counts.ts';
import { attemptDurationMs } from './attempt-duration.ts';
import { childJobs } from './child-jobs.ts';
import { type CommitDeps, commitChange } from './commit-change.ts';
import type { Engine } from './engine.ts';
import { jobChange } from './job-change.ts';
import type { JobChange } from './ports.ts';
import { recallEntry } from './recall-refs.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

type FinishDeps = CommitDeps & Pick<Engine, 'kinds' | 'clock' | 'refs' | 'settings'>;

/** How often an attempt starts its work over when a record moved between reading and committing. */
const WORK_ROUNDS = 3;

/**
 * Does the work and commits its end: status, result, outcome, records, children and audit entry in one transaction.
 * @returns false when the attempt has lost the job; nothing was written then
 * @throws RetryableError('conflict') when records keep moving, or users' room for children that are counted
 */
export async function finishAttempt(
  deps: FinishDeps,
  row: JobRow,
  attempt: () => Promise<Done>,
): Promise<boolean> {
  for (let round = 0; round < WORK_ROUNDS; round += 1) {
    const done = await attempt();
    const now = deps.clock();
    const change = endOf(deps, row, done, now);
    const answer = await commitChange(deps, change, now);
    if (answer === 'lost') return false;
    if (answer === 'committed') {
      await sendJobs(
        deps,
        (change.children ?? [])
          .filter((child) => child.row.status === 'queued')
          .map((child) => queuedMessage(child.row, now)),
      );
      if (done.end !== 'waiting') addCounts(deps.metrics, done.counts);
      report(deps, change, attemptDurationMs(row, now));
      return true;
    }
  }
  throw new RetryableError('conflict', 'The records of this job keep moving.');
}

function endOf(deps: FinishDeps, row: JobRow, done: Done, now: Instant): JobChange {
  const actor = { ref: 'system:worker', role: 'system' };
  const plan = { before: row, now, actor };
  if (done.end === 'waiting') {
    const children = childJobs(deps, row, done.children, now, true);
    const set = {
      // A waiting round is not an attempt.
      attempt: row.attempt - 1,
      children: children.map((child) => child.row.jobId),
      openChildren: children.length,
      checkAt: checkAtWaiting(now),
    };
    const details = { children: children.length };
    return {
      ...jobChange({ ...plan, event: 'wait', attemptOutcome: 'waiting', set, details }, deps.random),
      children,
    };
  }
  const writes = done.writes ?? [];
  if (done.end !== 'succeeded') {
    const event = done.end === 'expired' ? 'expire' : 'supersede';
    const change = { ...plan, event, attemptOutcome: done.end, errorCode: done.reason } as const;
    return { ...jobChange(change, deps.random), writes };
  }
  const children = childJobs(deps, row, done.children ?? [], now, false);
  const set = children.length > 0 ? { children: children.map((child) => child.row.jobId) } : {};
  // What has succeeded is never retried, so it answers for nothing any more; its row stays within one write unit.
  const { answersFor: _done, ...base } = row;
  const change = jobChange(
    { ...plan, event: 'succeed', attemptOutcome: 'succeeded', set, base },
    deps.random,
  );
  return {
    ...change,
    ...(change.outcome && done.facts && { outcome: { ...change.outcome, facts: done.facts } }),
    result: done.result,
    summary: done.summary,
    ...(done.recall && { recall: recallEntry(deps.refs, done.recall) }),
    writes,
    children,
    ...openLimitOf(deps),
  };
}

/** A child that was asked for counts, so that work begins anew, and sees it, when its user has no room for it. */
const openLimitOf = ({ settings: { userJobLimit } }: Pick<Engine, 'settings'>) =>
  userJobLimit === undefined ? {} : { openLimit: userJobLimit };

function report(deps: FinishDeps, change: JobChange, durationMs: number | undefined): void {
  const { after } = change;
  const dimensions = { kind: after.kind, priority: after.priority };
  const fields = {
    job_id: after.jobId,
    ...dimensions,
    generation: after.generation,
    attempt: after.attempt,
    duration_ms: durationMs,
  };
  deps.metrics.add(METRICS.errorRate, 0, 'Count', dimensions);
  if (after.status === 'succeeded') {
    deps.metrics.add(METRICS.successRate, 1, 'Count', dimensions);
    deps.log.info('attempt.succeeded', fields);
  } else if (after.status === 'waiting') deps.log.info('attempt.waiting', fields);
  else {
    // What was superseded was not wanted any more; what expired was wanted and not done.
    if (after.status === 'expired') deps.metrics.add(METRICS.successRate, 0, 'Count', dimensions);
    deps.log.info('attempt.ended', { ...fields, status: after.status, error_code: after.errorCode });
  }
}

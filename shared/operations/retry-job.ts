import { ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { checkAtQueued } from '../lifecycle/check-at.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { allows, TRANSITIONS } from '../lifecycle/transitions.ts';
import type { CommitDeps } from './commit-change.ts';
import type { Engine } from './engine.ts';
import { actorOf, findJob, type RequestContext } from './find-job.ts';
import { jobChange } from './job-change.ts';
import { jobView } from './job-view.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

/**
 * Runs a failed job again: a new generation with all its attempts; messages of the old one are refused.
 * @throws ProblemError `not_found`, `state_conflict` (not failed, its window has passed, or it is a part of another job)
 */
export async function retryJob(
  deps: CommitDeps & Pick<Engine, 'refs' | 'records'>,
  caller: Caller,
  jobId: string,
  request: RequestContext,
): Promise<JsonObject> {
  const { row, role } = await findJob(deps, 'retryJob', caller, jobId, request);
  const now = request.receivedAt;
  if (!allows('redrive', row.status))
    throw new ProblemError(
      'state_conflict',
      `A job that is ${row.status} cannot be retried; only one that is ${TRANSITIONS.redrive.from.join(', ')}.`,
    );
  if (row.expiresAt !== undefined && row.expiresAt <= now)
    throw new ProblemError('state_conflict', 'Its window has passed; what it would do is no longer wanted.');
  // A parent waits until all its parts have ended, so it has counted this one: what it would do now belongs to nothing.
  if (row.awaited === true && row.parentId !== undefined)
    throw new ProblemError(
      'state_conflict',
      `It is a part of the job ${row.parentId}, which has its outcome; retry that job.`,
    );
  const { endedAt, children, openChildren, summary, ...base } = row;
  const set: Partial<JobRow> = {
    generation: row.generation + 1,
    attempt: 0,
    resends: 0,
    round: 0,
    checkAt: checkAtQueued(now),
  };
  const change = jobChange(
    {
      event: 'redrive',
      before: row,
      base,
      now,
      actor: actorOf(deps, caller, role),
      set,
      details: { request_correlation_id: request.correlationId },
    },
    deps.random,
  );
  if ((await deps.store.commit(change)) !== 'committed')
    throw new ProblemError('state_conflict', 'The job is changing right now; look at it and try again.');
  await sendJobs(deps, [queuedMessage(change.after, now)]);
  return jobView(change.after);
}

import { ProblemError } from '../errors/problem-error.ts';
import type { Actor } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { checkAtQueued } from '../lifecycle/check-at.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { allows, TRANSITIONS } from '../lifecycle/transitions.ts';
import type { CommitDeps } from './commit-change.ts';
import type { Engine } from './engine.ts';
import { actorOf, findJob, type RequestContext } from './find-job.ts';
import { jobChange } from './job-change.ts';
import { jobView } from './job-view.ts';
import { queuedMessage, sendJobs } from './send-job.ts';
import { tooManyOpenJobs } from './too-many-open-jobs.ts';

export type RedriveDeps = CommitDeps & Pick<Engine, 'kinds' | 'settings'>;

/**
 * Runs a failed job again: a new generation with all its attempts; messages of the old one are refused.
 * @throws ProblemError `not_found`, `state_conflict` (not failed, its window has passed, or it is a part of another job),
 *   `too_many_requests` when its user has too many open jobs
 */
export async function retryJob(
  deps: RedriveDeps & Pick<Engine, 'refs' | 'records'>,
  caller: Caller,
  jobId: string,
  request: RequestContext,
): Promise<JsonObject> {
  const { row, role } = await findJob(deps, 'retryJob', caller, jobId, request);
  const plan = {
    actor: actorOf(deps, caller, role),
    now: request.receivedAt,
    details: { request_correlation_id: request.correlationId },
  };
  return jobView(await redriveRow(deps, row, plan));
}

/** Who retries, and what the audit entry tells beside that; `spreadSeconds`: how much later it begins. */
interface RedrivePlan {
  readonly actor: Actor;
  readonly now: Instant;
  readonly details: Readonly<Record<string, string>>;
  readonly spreadSeconds?: number;
}

/** The job as it was read, run again. @throws ProblemError `state_conflict`, `too_many_requests`, as above */
export async function redriveRow(
  deps: RedriveDeps,
  row: JobRow,
  { actor, now, details, spreadSeconds = 0 }: RedrivePlan,
): Promise<JobRow> {
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
  // From now on it waits, not since it was first due: nobody is late with what somebody has only just asked for.
  const nextAttemptAt = addSeconds(now, spreadSeconds);
  const set: Partial<JobRow> = {
    generation: row.generation + 1,
    attempt: 0,
    resends: 0,
    round: 0,
    nextAttemptAt,
    checkAt: checkAtQueued(nextAttemptAt),
    ...countedAgain(deps, row),
  };
  const change = jobChange(
    {
      event: 'redrive',
      before: row,
      base,
      now,
      actor,
      set,
      details,
    },
    deps.random,
  );
  const { userJobLimit: openLimit } = deps.settings;
  const answer = await deps.store.commit({ ...change, ...(openLimit !== undefined && { openLimit }) });
  if (answer === 'full') throw tooManyOpenJobs();
  if (answer !== 'committed')
    throw new ProblemError('state_conflict', 'The job is changing right now; look at it and try again.');
  await sendJobs(deps, [queuedMessage(change.after, now)]);
  return change.after;
}

/**
 * Who retries asks for the job, so it is one of its user's open jobs, whoever made it first. Kinds that nobody can ask
 * for, such as deliveries, are no more counted now than before: nothing holds a reminder back.
 */
const countedAgain = ({ kinds }: RedriveDeps, row: JobRow): Pick<JobRow, 'counted'> =>
  kinds.get(row.kind)?.public && row.userRef !== undefined ? { counted: true } : {};

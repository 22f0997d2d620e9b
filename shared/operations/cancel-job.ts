import { ProblemError } from '../errors/problem-error.ts';
import type { Actor } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { allows, TRANSITIONS } from '../lifecycle/transitions.ts';
import { commitEnd, type EndDeps } from './commit-end.ts';
import type { Engine } from './engine.ts';
import { actorOf, findJob, type RequestContext } from './find-job.ts';
import { jobChange } from './job-change.ts';
import { jobView } from './job-view.ts';

type CancelDeps = EndDeps & Pick<Engine, 'clock'>;

/** How often a change is tried again when the job moves between reading and writing. */
const TRIES = 5;

/**
 * Cancels a job, also while a message is in flight or an attempt runs: that attempt's writes are refused from then on.
 * Children that a parent waits for are cancelled with it.
 * @throws ProblemError `not_found`, `state_conflict`
 */
export async function cancelJob(
  deps: CancelDeps & Pick<Engine, 'refs' | 'records'>,
  caller: Caller,
  jobId: string,
  request: RequestContext,
): Promise<JsonObject> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { row, role } = await findJob(deps, 'cancelJob', caller, jobId, request);
    if (!allows('cancel', row.status))
      throw new ProblemError(
        'state_conflict',
        `A job that is ${row.status} cannot be cancelled; only one that is ${TRANSITIONS.cancel.from.join(', ')}.`,
      );
    const plan = { actor: actorOf(deps, caller, role), details: detailsOf(request) };
    const after = await cancelRow(deps, row, plan);
    if (!after) continue;
    return jobView(after);
  }
  throw new ProblemError('state_conflict', 'The job is changing right now; look at it and try again.');
}

const detailsOf = ({ correlationId }: RequestContext) => ({ request_correlation_id: correlationId });

/** Who cancels, and what the audit entry tells beside that. */
interface CancelPlan {
  readonly actor: Actor;
  readonly details: Readonly<Record<string, string>>;
}

/**
 * Cancels the job as it was read, with the children that it waits for.
 * @returns the row, or nothing when it has moved since
 */
export async function cancelRow(
  deps: CancelDeps,
  row: JobRow,
  plan: CancelPlan,
): Promise<JobRow | undefined> {
  const after = await cancel(deps, row, plan);
  if (after && row.status === 'waiting') await cancelChildren(deps, row, plan);
  return after;
}

async function cancel(
  deps: CancelDeps,
  before: JobRow,
  { actor, details }: CancelPlan,
): Promise<JobRow | undefined> {
  const running = before.status === 'running';
  const event = 'cancel';
  // Not the time of the request: the attempt that it ends may have begun since.
  const now = deps.clock();
  const change = jobChange(
    {
      event,
      before,
      now,
      actor,
      ...(running && { attemptOutcome: 'cancelled' as const }),
      details,
    },
    deps.random,
  );
  const answer = await commitEnd(deps, { ...change, event }, now);
  return answer === 'committed' ? change.after : undefined;
}

/** Best effort: a child that ends by itself meanwhile does no harm, its parent no longer waits. */
async function cancelChildren(deps: CancelDeps, parent: JobRow, plan: CancelPlan): Promise<void> {
  const children = await deps.store.readMany(parent.children ?? []);
  for (const child of children) if (child && allows('cancel', child.status)) await cancel(deps, child, plan);
}

import { ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject, LegalHold } from '../jobs/ports.ts';
import { aboutPatient } from './about-patient.ts';
import type { Engine } from './engine.ts';
import { decide, erasureView } from './erasure-decision.ts';
import type { RequestContext } from './find-job.ts';

type HoldDeps = Pick<Engine, 'schedules' | 'audit' | 'records' | 'refs' | 'random'>;

/**
 * Keeps the records of a user from being erased, also where an erasure is scheduled: it is not carried out. Placed again
 * with another reason, it has that one.
 * @throws ProblemError `forbidden`, `user_erased`, `state_conflict`
 */
export async function placeLegalHold(
  deps: HoldDeps,
  caller: Caller,
  { userId, reason }: { readonly userId: string; readonly reason: LegalHold['reason'] },
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, actor, entry } = await aboutPatient(deps, 'decideErasure', caller, userId, request);
  const now = request.receivedAt;
  const state = await decide(deps, { owner, entry, userId }, now, (before) =>
    before.hold?.reason === reason
      ? undefined
      : {
          state: { ...before, hold: { since: before.hold?.since ?? now, by: actor.ref, reason } },
          entry: entry('legal_hold.placed', { reason }),
        },
  );
  return erasureView(userId, state);
}

/** @throws ProblemError `forbidden`, `user_erased`, `state_conflict` when there is none */
export async function liftLegalHold(
  deps: HoldDeps,
  caller: Caller,
  { userId }: { readonly userId: string },
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, entry } = await aboutPatient(deps, 'decideErasure', caller, userId, request);
  const state = await decide(deps, { owner, entry, userId }, request.receivedAt, ({ hold, ...before }) => {
    if (!hold) throw new ProblemError('state_conflict', 'This user is under no legal hold.');
    return { state: before, entry: entry('legal_hold.lifted', { reason: hold.reason }) };
  });
  return erasureView(userId, state);
}

import { ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { ErasureState, JsonObject } from '../jobs/ports.ts';
import { aboutPatient } from './about-patient.ts';
import { decide, erasureView, undecided } from './erasure-decision.ts';
import type { RequestContext } from './find-job.ts';
import type { ErasureDeps } from './request-erasure.ts';
import { tellErasure } from './tell-erasure.ts';

/**
 * Takes a request for an erasure back, confirmed or not, as long as the erasure has not begun: any admin alone. Reminders
 * leave again from then on.
 * @throws ProblemError `forbidden`, `user_erased`, `state_conflict` when nobody asked for one
 */
export async function revokeErasure(
  deps: ErasureDeps,
  caller: Caller,
  { userId }: { readonly userId: string },
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, entry } = await aboutPatient(deps, 'revokeErasure', caller, userId, request);
  let revoked: ErasureState = { status: 'none' };
  const state = await decide(deps, { owner, entry, userId }, request.receivedAt, (before) => {
    const { status, erasureId } = before;
    if (status === 'none' || erasureId === undefined)
      throw new ProblemError('state_conflict', 'Nobody has asked for this user to be erased.');
    revoked = before;
    return {
      state: undecided(before),
      entry: entry('erasure.revoked', { erasure_id: erasureId, from: status }),
    };
  });
  // Nobody outside was told of a request that was never confirmed.
  if (revoked.status === 'scheduled')
    await tellErasure(deps, 'user.erasure_revoked', { owner, userId }, revoked, false);
  return erasureView(userId, state);
}

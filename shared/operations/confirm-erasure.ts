import { ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { ErasureState, JsonObject } from '../jobs/ports.ts';
import { aboutPatient } from './about-patient.ts';
import { decide, dueAfter, erasureView } from './erasure-decision.ts';
import { demandErasable } from './erasure-obstacle.ts';
import type { RequestContext } from './find-job.ts';
import type { ErasureDeps } from './request-erasure.ts';
import { tellErasure } from './tell-erasure.ts';

/**
 * The second half of an erasure: another admin confirms the very request. From then on no reminder leaves, and the user
 * is erased after seven days unless somebody revokes it. Confirmed again by anybody but the one who asked, it stays as it
 * is, and its event is told once more.
 * @throws ProblemError `forbidden`, `second_person_required`, `legal_hold`, `retention_period`, `user_erased`,
 *   `state_conflict` when there is no such request
 */
export async function confirmErasure(
  deps: ErasureDeps,
  caller: Caller,
  { userId, erasureId }: { readonly userId: string; readonly erasureId: string },
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, actor, entry } = await aboutPatient(deps, 'decideErasure', caller, userId, request);
  const now = request.receivedAt;
  let repeated = true;
  const state = await decide(deps, { owner, entry, userId }, now, async (before) => {
    demandRequest(before, erasureId);
    if (before.requestedBy === actor.ref)
      throw new ProblemError(
        'second_person_required',
        'Whoever asked for an erasure cannot confirm it; another admin has to.',
      );
    if (before.status === 'scheduled') return undefined;
    await demandErasable(deps, owner, before, now);
    repeated = false;
    const dueAt = dueAfter(now);
    return {
      state: { ...before, status: 'scheduled', confirmedAt: now, confirmedBy: actor.ref, dueAt },
      entry: entry('erasure.scheduled', { erasure_id: erasureId, due_at: dueAt }),
    };
  });
  await tellErasure(deps, 'user.erasure_scheduled', { owner, userId }, state, repeated);
  return erasureView(userId, state);
}

function demandRequest({ status, erasureId }: ErasureState, wanted: string): void {
  if (status !== 'none' && erasureId === wanted) return;
  throw new ProblemError(
    'state_conflict',
    'There is no request of that erasure_id for this user: it was revoked, or nobody confirmed it in time.',
  );
}

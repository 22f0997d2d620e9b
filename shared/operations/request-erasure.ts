import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { aboutPatient } from './about-patient.ts';
import type { Engine } from './engine.ts';
import { decide, erasureView } from './erasure-decision.ts';
import { demandErasable } from './erasure-obstacle.ts';
import type { RequestContext } from './find-job.ts';

export type ErasureDeps = Pick<
  Engine,
  'schedules' | 'audit' | 'records' | 'store' | 'patientGrants' | 'refs' | 'random' | 'settings' | 'publisher'
>;

/**
 * The first half of an erasure: one admin asks for it. Nothing happens until another one confirms. Asked again, it stays
 * as it is.
 * @throws ProblemError `forbidden`, `legal_hold`, `retention_period`, `user_erased`, `state_conflict`
 */
export async function requestErasure(
  deps: ErasureDeps,
  caller: Caller,
  { userId }: { readonly userId: string },
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, actor, entry } = await aboutPatient(deps, 'requestErasure', caller, userId, request);
  const now = request.receivedAt;
  const state = await decide(deps, { owner, entry, userId }, now, async (before) => {
    if (before.status !== 'none') return undefined;
    await demandErasable(deps, owner, before, now);
    const erasureId = deps.random.ulid(now);
    return {
      state: { ...before, status: 'requested', erasureId, requestedAt: now, requestedBy: actor.ref },
      entry: entry('erasure.requested', { erasure_id: erasureId }),
    };
  });
  return erasureView(userId, state);
}

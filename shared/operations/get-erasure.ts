import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { aboutPatient } from './about-patient.ts';
import type { Engine } from './engine.ts';
import { decisionAt, erasureView } from './erasure-decision.ts';
import type { RequestContext } from './find-job.ts';
import { recordRead } from './record-read.ts';

/**
 * What was decided about erasing a user, and afterwards that it was done: `erased`.
 * @throws ProblemError `forbidden`, `read_not_recorded`
 */
export async function getErasure(
  deps: Pick<Engine, 'schedules' | 'records' | 'audit' | 'refs' | 'random' | 'erasing'>,
  caller: Caller,
  { userId }: { readonly userId: string },
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, entry } = await aboutPatient(deps, 'getErasure', caller, userId, request);
  const secret = await deps.erasing.secret(owner);
  const view =
    secret.state === 'destroyed'
      ? {
          user_id: userId,
          status: 'erased',
          erasure_id: secret.erasureId,
          erased_at: secret.at,
          legal_hold: null,
        }
      : erasureView(
          userId,
          decisionAt(await deps.schedules.read({ type: 'erasure', owner, id: '' }), request.receivedAt),
        );
  await recordRead(deps, entry('erasure.read', { status: String(view['status']) }));
  return view;
}

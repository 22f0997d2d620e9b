import { ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import type { ErasureDecisionBody } from './bodies/erasure-decision.ts';
import { confirmErasure } from './confirm-erasure.ts';
import type { RequestContext } from './find-job.ts';
import { liftLegalHold, placeLegalHold } from './legal-hold.ts';
import type { ErasureDeps } from './request-erasure.ts';

/**
 * What an admin decides about the erasure of a user: each decision is an operation of its own, with its own entry.
 * @throws ProblemError `invalid_input` when the body lacks what the decision takes, or has what it does not take
 */
export function decideErasure(
  deps: ErasureDeps,
  caller: Caller,
  target: { readonly userId: string },
  body: ErasureDecisionBody,
  request: RequestContext,
): Promise<JsonObject> {
  const { decision, erasure_id: erasureId, reason } = body;
  if (decision === 'confirm' && erasureId !== undefined && reason === undefined)
    return confirmErasure(deps, caller, { ...target, erasureId }, request);
  if (decision === 'hold' && reason !== undefined && erasureId === undefined)
    return placeLegalHold(deps, caller, { ...target, reason }, request);
  if (decision === 'lift_hold' && reason === undefined && erasureId === undefined)
    return liftLegalHold(deps, caller, target, request);
  throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
    problems: [
      {
        pointer: '/decision',
        code: 'wrong_members',
        detail: 'confirm takes erasure_id, hold takes reason, lift_hold takes nothing else.',
      },
    ],
  });
}

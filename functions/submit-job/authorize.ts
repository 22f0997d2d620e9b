import type { Exchange } from '#functions/http/exchange.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import { CRITICAL_ROLES, authorize as decide, submitAccess } from '#shared/evidence/access.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import type { Role } from '#shared/lifecycle/role.ts';
import type { SubmitInput } from './validate-input.ts';

/**
 * Step 3: whether this caller may submit this kind, for this patient, at this priority. Answers the role that grants it.
 * @throws ProblemError `forbidden`
 */
export function authorize(kind: JobKind, caller: Caller, input: SubmitInput, exchange: Exchange): Role {
  exchange.step = 'authorize';
  const { userId } = input.opened;
  if (userId !== undefined) exchange.userId = userId;
  const verdict = decide(submitAccess(kind.submitRoles, input.priority), caller, userId);
  if (!verdict.granted) {
    exchange.reason = verdict.reason;
    const mayAtAll = decide(submitAccess(kind.submitRoles, kind.defaultPriority), caller, userId).granted;
    throw new ProblemError('forbidden', mayAtAll ? CRITICAL_SENTENCE : SENTENCES[verdict.reason]);
  }
  exchange.role = verdict.role;
  return verdict.role;
}

const SENTENCES = {
  role: 'None of your roles may submit this kind of job.',
  relationship: 'Your role may submit this kind of job, but not for this user.',
} as const;

const CRITICAL_SENTENCE = `CRITICAL is only for these roles: ${CRITICAL_ROLES.join(', ')}. Ask for another priority, or for none.`;

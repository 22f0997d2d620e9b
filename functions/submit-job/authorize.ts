import type { Exchange } from '#functions/http/exchange.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import {
  type AboutPatient,
  type AccessRule,
  CRITICAL_ROLES,
  authorize as decide,
  submitAccess,
} from '#shared/evidence/access.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { ACCEPTED_JOB } from '#shared/evidence/response-members.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import { type UnderGrant, underGrant } from '#shared/operations/emergency-access.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { noteGrant } from '#shared/operations/find-job.ts';
import { storedConsents } from '#shared/operations/stored-consents.ts';
import type { SubmitInput } from './validate-input.ts';

/**
 * Step 3: whether this caller may submit this kind, for this patient, at this priority. Answers the role that grants it, and
 * the caller as evidence names them: with the grant of emergency access, if it is that which lets them in.
 * @throws ProblemError `forbidden`
 */
export async function authorize(
  deps: Pick<Engine, 'records' | 'refs' | 'emergencyGrants'> & { readonly kind: JobKind },
  caller: Caller,
  input: SubmitInput,
  exchange: Exchange,
): Promise<UnderGrant> {
  exchange.step = 'authorize';
  const { userId } = input.opened;
  if (userId !== undefined) exchange.userId = userId;
  const { name, submitRoles, defaultPriority } = deps.kind;
  const rule = submitAccess(submitRoles, input.priority, name);
  const about = userId === undefined ? undefined : await patientOf(deps, rule, caller, userId, exchange);
  const verdict = decide(rule, caller, about);
  if (!verdict.granted) {
    const use = about && { deed: { submits: name }, userRef: about.userRef, now: exchange.receivedAt };
    const grant = use && verdict.reason === 'relationship' && (await underGrant(deps, rule, caller, use));
    if (grant) {
      noteGrant(exchange, grant.role, ACCEPTED_JOB);
      exchange.caller = grant.caller;
      return grant;
    }
    exchange.reason = verdict.reason;
    const mayAtAll = decide(submitAccess(submitRoles, defaultPriority, name), caller, about).granted;
    throw new ProblemError('forbidden', mayAtAll ? CRITICAL_SENTENCE : SENTENCES[verdict.reason]);
  }
  noteGrant(exchange, verdict.role, ACCEPTED_JOB);
  return { role: verdict.role, caller };
}

async function patientOf(
  deps: Pick<Engine, 'records' | 'refs'>,
  rule: AccessRule,
  caller: Caller,
  userId: string,
  { receivedAt }: Exchange,
): Promise<AboutPatient> {
  const userRef = deps.refs.user(userId);
  const stored = await storedConsents(deps, rule, caller, [userRef], receivedAt);
  return { userRef, refOf: deps.refs.user, ...stored };
}

const SENTENCES = {
  role: 'None of your roles may submit this kind of job.',
  relationship: 'Your role may submit this kind of job, but not for this user.',
} as const;

const CRITICAL_SENTENCE = `CRITICAL is only for these roles: ${CRITICAL_ROLES.join(', ')}. Ask for another priority, or for none.`;

import { API_PREFIX, ROUTES } from '../contract/routes.ts';
import { IDEMPOTENCY_HOURS } from '../contract/tables.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { authorize, ROUTE_ACCESS } from '../evidence/access.ts';
import {
  BARRED_HOURS,
  BREAK_GLASS_MINUTES,
  BREAK_GLASS_PURPOSE,
  isForEmergencies,
  reviewDueAt,
} from '../evidence/break-glass.ts';
import type { Caller } from '../evidence/caller.ts';
import { canonicalJson } from '../evidence/canonical-json.ts';
import { type ComplianceCheck, recordedChecks } from '../evidence/compliance-checks.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { addSeconds, type Instant, secondsBetween } from '../lifecycle/instant.ts';
import type { Role } from '../lifecycle/role.ts';
import type { BreakGlassBody } from './bodies/break-glass.ts';
import type { BreakGlassGrant } from './break-glass-ports.ts';
import { grantEntry } from './break-glass-view.ts';
import { repeatedAnswer } from './derived-claim.ts';
import type { Engine } from './engine.ts';
import type { RequestContext } from './find-job.ts';
import { systemActor } from './job-change.ts';
import { newJob } from './new-job.ts';
import { saltedHash, sealPayload } from './payload-envelope.ts';
import type { FirstAnswer, IdempotencyClaim, NewJob } from './ports.ts';
import { recordRead } from './record-read.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

type Deps = Pick<
  Engine,
  'breakGlass' | 'audit' | 'queue' | 'refs' | 'random' | 'metrics' | 'log' | 'kinds' | 'settings'
>;

/** A body that fits its schema, by a caller who may ask. */
export interface OpenRequest {
  readonly body: BreakGlassBody;
  readonly caller: Caller;
  readonly role: Role;
  readonly idempotencyKey?: string;
  readonly checks: readonly ComplianceCheck[];
}

/** The role in which a caller may ask for emergency access. @throws ProblemError `forbidden` */
export function openingRole(deps: Pick<Engine, 'refs'>, caller: Caller, userId: string): Role {
  const about = { userRef: deps.refs.user(userId), refOf: deps.refs.user };
  const verdict = authorize(ROUTE_ACCESS.openBreakGlass, caller, about);
  if (!verdict.granted)
    throw new ProblemError('forbidden', 'Emergency access is for clinicians and pharmacists.');
  if (!isForEmergencies(caller))
    throw new ProblemError(
      'forbidden',
      `Emergency access is for ${BREAK_GLASS_PURPOSE}: declare that, or nothing.`,
    );
  return verdict.role;
}

/**
 * Opens the data of one patient to the caller for a while: for reads and interaction checks. Grant, evidence, what roll-ups
 * count and the notice to the patient's application stand together or not at all; the alarm follows from the grant. Asked
 * again under the same key it is the same grant, which is recorded as a read.
 * @throws ProblemError `invalid_input` (longer than the deployment allows), `forbidden` (barred by a verdict), `idempotency_key_reused`,
 *   `read_not_recorded`
 */
export async function openBreakGlass(
  deps: Deps,
  request: OpenRequest,
  context: RequestContext,
): Promise<JsonObject> {
  const { body, caller, role, checks } = request;
  const grant = grantOf(deps, request, context.receivedAt);
  const answer = answerOf(grant);
  const notice = noticeOf(deps, grant, body.user_id, context);
  const { reason } = body;
  const { taken, barred } = await deps.breakGlass.open({
    grant,
    words: { userId: body.user_id, holder: caller.subject, reason },
    audit: grantEntry(deps, {
      action: 'break_glass.opened',
      grant,
      caller: { ...caller, breakGlass: grant.grantId },
      role,
      request: context,
      details: {
        reason_code: grant.reasonCode,
        seconds: secondsBetween(grant.grantedAt, grant.expiresAt),
        expires_at: grant.expiresAt,
        notice_job_id: notice.row.jobId,
        ...recordedChecks(checks),
      },
    }),
    notice,
    idempotency: claimOf(deps, request, context.receivedAt, answer),
  });
  if (barred) throw barredByVerdict();
  if (taken) return repetition(deps, { request, grant, first: taken }, context);
  deps.log.warn('break_glass.opened', { role, reason: grant.reasonCode, job_id: notice.row.jobId });
  await sendJobs(deps, [queuedMessage(notice.row, context.receivedAt)]);
  return answer;
}

/** What stands already, told once more. */
async function repetition(
  deps: Deps,
  of: { readonly request: OpenRequest; readonly grant: BreakGlassGrant; readonly first: FirstAnswer },
  request: RequestContext,
): Promise<JsonObject> {
  const { caller, role, body } = of.request;
  const answer = repeatedAnswer(of.first, fingerprintOf(deps, body));
  const grant = { ...of.grant, grantId: String(answer['grant_id']) };
  const details = { reason: false, repeated: true };
  const entry = grantEntry(deps, { action: 'break_glass.read', grant, caller, role, request, details });
  await recordRead(deps, entry);
  return answer;
}

/** A verdict would mean nothing to whoever could open a new grant the moment after, or had one more in advance. */
const barredByVerdict = () =>
  new ProblemError(
    'forbidden',
    `An emergency access of yours to this patient was found not justified: for ${BARRED_HOURS} hours somebody else has to ask.`,
  );

function grantOf(deps: Deps, { body, caller, role }: OpenRequest, now: Instant): BreakGlassGrant {
  const most = deps.settings.breakGlassMinutes ?? BREAK_GLASS_MINUTES;
  const minutes = body.minutes ?? most;
  if (minutes > most)
    throw new ProblemError('invalid_input', 'The request cannot be carried out as it is; see problems.', {
      problems: [
        { pointer: '/minutes', code: 'too_long', detail: `This deployment grants at most ${most} minutes.` },
      ],
    });
  return {
    grantId: deps.random.ulid(now),
    userRef: deps.refs.user(body.user_id),
    actorRef: deps.refs.actor(caller.subject),
    role,
    reasonCode: body.reason_code,
    grantedAt: now,
    expiresAt: addSeconds(now, minutes * 60),
    reviewDueAt: reviewDueAt(now),
    revision: 1,
  };
}

/** Ids, codes and times: it is kept beside the idempotency key in the clear. */
function answerOf(grant: BreakGlassGrant): JsonObject {
  return {
    grant_id: grant.grantId,
    reason_code: grant.reasonCode,
    granted_at: grant.grantedAt,
    expires_at: grant.expiresAt,
    review_due_at: grant.reviewDueAt,
    links: { revoke: `${API_PREFIX}${ROUTES.openBreakGlass.path}/${grant.grantId}/revoke` },
  };
}

function noticeOf(deps: Deps, grant: BreakGlassGrant, userId: string, request: RequestContext): NewJob {
  const kind = deps.kinds.get('break-glass-notice');
  if (!kind) throw new Error('There is no job kind break-glass-notice.');
  const { grantedAt, expiresAt, grantId, role, userRef } = grant;
  const payload = { user_id: userId, grant_id: grantId, role, granted_at: grantedAt, expires_at: expiresAt };
  const salt = deps.random.hex(32);
  return newJob({
    jobId: deps.random.ulid(grantedAt),
    entryId: deps.random.ulid(grantedAt),
    kind,
    payload: sealPayload(payload, salt),
    priority: kind.defaultPriority,
    now: grantedAt,
    dueAt: grantedAt,
    userRef,
    actor: systemActor('break-glass-api'),
    correlationId: request.correlationId,
    details: { request_hash: saltedHash(payload, salt), grant_id: grantId },
  });
}

function claimOf(
  deps: Deps,
  { body, caller, idempotencyKey }: OpenRequest,
  now: Instant,
  answer: JsonObject,
): IdempotencyClaim | undefined {
  if (idempotencyKey === undefined) return undefined;
  return {
    keyRef: deps.refs.idempotencyKey(caller.subject, ROUTES.openBreakGlass.path, idempotencyKey),
    fingerprint: fingerprintOf(deps, body),
    expiresAt: addSeconds(now, IDEMPOTENCY_HOURS * 3_600),
    answer,
  };
}

const fingerprintOf = (deps: Pick<Engine, 'refs'>, body: BreakGlassBody): string =>
  deps.refs.fingerprint(canonicalJson({ body }));

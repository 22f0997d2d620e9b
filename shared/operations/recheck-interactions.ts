import { API_PREFIX, ROUTES } from '../contract/routes.ts';
import { type Problem, ProblemError } from '../errors/problem-error.ts';
import type { Caller } from '../evidence/caller.ts';
import { type ComplianceCheck, recordedChecks } from '../evidence/compliance-checks.ts';
import type { Json, JsonObject } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import { readInstant } from '../lifecycle/read-instant.ts';
import type { Role } from '../lifecycle/role.ts';
import { isTerminal } from '../lifecycle/transitions.ts';
import { aboutNobody } from './about-nobody.ts';
import type { RecheckBody } from './bodies/recheck.ts';
import { derivedClaim, repeatedAnswer } from './derived-claim.ts';
import type { Engine } from './engine.ts';
import { demandSubject } from './find-interaction-results.ts';
import { actorOf, type RequestContext } from './find-job.ts';
import { sharedJobId } from './intake.ts';
import { newJob } from './new-job.ts';
import { saltedHash, sealPayload } from './payload-envelope.ts';
import type { NewJob } from './ports.ts';
import { queuedMessage, sendJobs } from './send-job.ts';

type RecheckDeps = Pick<Engine, 'store' | 'queue' | 'refs' | 'random' | 'metrics' | 'log' | 'kinds'>;

const RECHECK_KIND = 'interaction-recheck';

/** A body that fits its schema, by a caller who may re-check. */
export interface RecheckRequest {
  readonly body: RecheckBody;
  readonly caller: Caller;
  readonly role: Role;
  readonly idempotencyKey?: string;
  readonly checks: readonly ComplianceCheck[];
}

/** The role that lets a caller re-check. @throws ProblemError `forbidden` */
export const recheckRole = (caller: Caller, context: RequestContext): Role =>
  aboutNobody('recheckInteractions', caller, context, 'None of your roles may have past checks run again.');

/**
 * Has past checks run again with the reference data that stands. The same request on one day is the same job until that has ended, and so
 * are the checks that it orders; with another Idempotency-Key it is another one.
 * @throws ProblemError `invalid_input`, `idempotency_key_reused`
 */
export async function recheckInteractions(
  deps: RecheckDeps,
  request: RecheckRequest,
  context: RequestContext,
): Promise<JsonObject> {
  const payload = payloadOf(request.body, context.receivedAt);
  const { caller, body, idempotencyKey } = request;
  const said = [RECHECK_KIND, caller.subject, body];
  const jobId =
    idempotencyKey === undefined
      ? await unendedJobId(deps, [...said, null, context.receivedAt.slice(0, 10)])
      : sharedJobId(deps, [...said, idempotencyKey, null]);
  const answer = answerOf(jobId);
  const job = jobOf(deps, request, context, { jobId, payload });
  const { path } = ROUTES.recheckInteractions;
  const { receivedAt } = context;
  const claim = { subject: caller.subject, path, idempotencyKey, fingerprint: jobId, answer, receivedAt };
  const accepted = await deps.store.accept(job, derivedClaim(deps, claim));
  if (!accepted.accepted) return 'taken' in accepted ? repeatedAnswer(accepted.taken, jobId) : answer;
  deps.log.info('job.accepted', { job_id: jobId, kind: RECHECK_KIND, priority: job.row.priority });
  await sendJobs(deps, [queuedMessage(job.row, context.receivedAt)]);
  return answer;
}

/**
 * The id of the job that this request of a day has become, or becomes: one that has ended is not it any more. The reference data may have
 * changed since, and its result would look like that of today.
 */
async function unendedJobId(deps: Pick<Engine, 'store' | 'refs'>, said: readonly Json[]): Promise<string> {
  for (let count = 0; ; count += 1) {
    const jobId = sharedJobId(deps, count === 0 ? said : [...said, count]);
    const row = await deps.store.read(jobId);
    if (!row || !isTerminal(row.status)) return jobId;
  }
}

/** @throws ProblemError `invalid_input` with a problem for every member with a fault */
function payloadOf(body: RecheckBody, now: Instant): JsonObject {
  const { rule, data_set: dataSet } = body;
  demandSubject({ ...(rule !== undefined && { rule }), ...(dataSet !== undefined && { dataSet }) });
  const problems: Problem[] = [];
  const read = (member: 'from' | 'to'): Instant | undefined => {
    const text = body[member];
    if (text === undefined) return undefined;
    const found = readInstant(text);
    if (found.ok) return found.instant;
    problems.push({ pointer: `/${member}`, code: found.code, detail: found.detail });
    return undefined;
  };
  const from = read('from');
  const said = read('to');
  if (said !== undefined && said > now)
    problems.push({ pointer: '/to', code: 'in_future', detail: 'Give a time of the past, or leave it out.' });
  const to = said ?? now;
  if (from !== undefined && from >= to)
    problems.push({
      pointer: '/from',
      code: 'invalid_value',
      detail: 'The start must be earlier than the end.',
    });
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'The request cannot be carried out as it is; see problems.', {
      problems,
    });
  return {
    to,
    ...(rule !== undefined && { rule }),
    ...(dataSet !== undefined && { data_set: dataSet }),
    ...(from !== undefined && { from }),
  };
}

function answerOf(jobId: string): JsonObject {
  const self = `${API_PREFIX}/jobs/${jobId}`;
  return { job_id: jobId, kind: RECHECK_KIND, status: 'queued', links: { self } };
}

function jobOf(
  deps: Pick<Engine, 'refs' | 'random' | 'kinds'>,
  { caller, role, checks }: RecheckRequest,
  { correlationId, receivedAt }: RequestContext,
  { jobId, payload }: { readonly jobId: string; readonly payload: JsonObject },
): NewJob {
  const kind = deps.kinds.get(RECHECK_KIND);
  if (!kind) throw new Error(`There is no job kind ${RECHECK_KIND}.`);
  const salt = deps.random.hex(32);
  return newJob({
    jobId,
    entryId: deps.random.ulid(receivedAt),
    kind,
    payload: sealPayload(payload, salt),
    priority: kind.defaultPriority,
    now: receivedAt,
    dueAt: receivedAt,
    actor: actorOf(deps, caller, role),
    correlationId,
    details: {
      request_hash: saltedHash(payload, salt),
      ...recordedChecks(checks),
    },
  });
}

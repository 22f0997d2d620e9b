import { API_PREFIX, submitPath } from '../contract/routes.ts';
import { IDEMPOTENCY_HOURS } from '../contract/tables.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { Caller } from '../evidence/caller.ts';
import { canonicalJson } from '../evidence/canonical-json.ts';
import { type ComplianceCheck, recordedChecks } from '../evidence/compliance-checks.ts';
import type { JobKind, OpenedJob } from '../jobs/define-job-kind.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { Priority } from '../lifecycle/priority.ts';
import type { Role } from '../lifecycle/role.ts';
import { repeatedAnswer } from './derived-claim.ts';
import type { Engine } from './engine.ts';
import { actorOf } from './find-job.ts';
import { newJob } from './new-job.ts';
import { saltedHash, sealPayload } from './payload-envelope.ts';
import type { FirstAnswer, HasRoom, IdempotencyClaim, NewJob } from './ports.ts';
import { demandRoom } from './queue-room.ts';
import { recordRead } from './record-read.ts';
import { queuedMessage, sendJobs } from './send-job.ts';
import { tooManyOpenJobs } from './too-many-open-jobs.ts';

/** A request that has passed schema, token, role and compliance checks. */
export interface SubmitRequest {
  readonly kind: JobKind;
  readonly payload: JsonObject;
  readonly opened: OpenedJob;
  readonly caller: Caller;
  /** The role that granted it. */
  readonly role: Role;
  readonly priority: Priority;
  readonly runAt?: Instant;
  readonly idempotencyKey?: string;
  readonly correlationId: string;
  readonly receivedAt: Instant;
  readonly checks: readonly ComplianceCheck[];
}

export interface SubmitPlan extends SubmitRequest {
  /** The payload as the business rules completed it. */
  readonly completed: JsonObject;
  /** What the rules have to say for the audit entry. */
  readonly notes?: Readonly<Record<string, string>>;
  /** The first answer, when the rules refuse by now what was accepted under the same key. */
  readonly repeats?: FirstAnswer;
}

export interface Accepted {
  readonly body: JsonObject;
  readonly location: string;
  /** The answer repeats an earlier one: no second job was made. */
  readonly repeated: boolean;
}

/** A job with `run_at` that nobody claimed ends `expired` so long after it. */
const UNCLAIMED_HOURS = 24;
const LONGEST_AHEAD_DAYS = 366;

/**
 * Step 5: what the schema cannot say. What was accepted under an idempotency key stays accepted: a repetition after
 * `run_at` has passed, or after the medication was stopped, is answered like the first request.
 * @throws ProblemError `priority_not_allowed`, `invalid_input` with pointers, `medication_not_found`, `too_many_requests`
 */
export async function applyBusinessRules(
  deps: RuleDeps & Pick<Engine, 'store'>,
  request: SubmitRequest,
): Promise<SubmitPlan> {
  try {
    return await rule(deps, request);
  } catch (error) {
    const key = error instanceof ProblemError ? keyRefOf(deps, request) : undefined;
    const repeats = key === undefined ? undefined : await deps.store.answered(key, request.receivedAt);
    if (!repeats) throw error;
    return { ...request, completed: request.payload, repeats };
  }
}

/** What comes from inside has room: only requests are held against the depth of a queue. */
type RuleDeps = Pick<Engine, 'refs' | 'records' | 'settings'> & { readonly hasRoom?: HasRoom };

async function rule(deps: RuleDeps, request: SubmitRequest): Promise<SubmitPlan> {
  const { kind, priority, runAt, receivedAt, opened } = request;
  if (!kind.priorities.includes(priority))
    throw new ProblemError(
      'priority_not_allowed',
      `Jobs of kind ${kind.name} run at ${kind.priorities.join(' or ')}; leave priority out for ${kind.defaultPriority}.`,
    );
  if (runAt !== undefined) checkRunAt(runAt, receivedAt);
  if (deps.hasRoom) await demandRoom(deps.hasRoom, priority);
  const keys = opened.factKeys(deps.refs);
  const records = keys.length > 0 ? await deps.records.readMany(keys) : [];
  const { defaultTimes, defaultTimeZone } = deps.settings;
  const ruling = opened.rules({
    now: receivedAt,
    records,
    role: request.role,
    ...(defaultTimeZone !== undefined && { defaultTimeZone }),
    ...(defaultTimes && { defaultTimes }),
  });
  if (ruling.ok) {
    const { payload: completed, notes } = ruling;
    return { ...request, completed, ...(notes && { notes }) };
  }
  if ('notFound' in ruling)
    throw new ProblemError(
      ruling.notFound,
      'No active medication with that id stands for that user; submit a medication-reminder for it first.',
    );
  throw new ProblemError('invalid_input', 'The request cannot be carried out as it is; see problems.', {
    problems: ruling.problems,
  });
}

function checkRunAt(runAt: Instant, now: Instant): void {
  const fault =
    runAt <= now
      ? { code: 'not_in_future', detail: 'Give a time in the future, or leave run_at out to run now.' }
      : runAt > addSeconds(now, LONGEST_AHEAD_DAYS * 86_400)
        ? { code: 'too_far_ahead', detail: `Give a time within ${LONGEST_AHEAD_DAYS} days.` }
        : undefined;
  if (fault)
    throw new ProblemError('invalid_input', 'The request cannot be carried out as it is; see problems.', {
      problems: [{ pointer: '/run_at', ...fault }],
    });
}

/**
 * Step 6: the accepting transaction (job, payload, audit entry, idempotency key: all or nothing), then one message.
 * From here on the job is a promise: a message that is not taken is sent by the reconciler.
 * @throws ProblemError `idempotency_key_reused` when the key was used with another body, `too_many_requests` when the
 *   patient has too many open jobs, `read_not_recorded`
 */
export async function recordAcceptance(deps: AcceptDeps, plan: SubmitPlan): Promise<Accepted> {
  if (plan.repeats) return repetition(deps, plan, plan.repeats);
  const job = jobOf(deps, plan);
  const body = answerOf(job);
  const idempotency = idempotencyOf(deps, plan, body);
  const answer = await deps.store.accept(job, idempotency, deps.userJobLimit);
  if (!answer.accepted) {
    if ('full' in answer) throw tooManyOpenJobs();
    if (!('taken' in answer)) throw new Error('A new job id stands already.');
    return repetition(deps, plan, answer.taken);
  }
  deps.log.info('job.accepted', {
    job_id: job.row.jobId,
    kind: job.row.kind,
    priority: job.row.priority,
    status: job.row.status,
  });
  if (job.row.status === 'queued') await sendJobs(deps, [queuedMessage(job.row, plan.receivedAt)]);
  return { body, location: locationOf(body), repeated: false };
}

type AcceptDeps = Pick<Engine, 'store' | 'audit' | 'queue' | 'refs' | 'random' | 'metrics' | 'log'> & {
  /** Of one patient, among those that were asked for: what the product makes itself is neither counted nor held back. */
  readonly userJobLimit?: number;
};

/** The first answer again, if it was given to the same body. It tells of a job that stands: a read, and no second acceptance. */
async function repetition(
  deps: Pick<Engine, 'refs' | 'random' | 'audit'>,
  plan: SubmitPlan,
  first: FirstAnswer,
): Promise<Accepted> {
  const body = repeatedAnswer(first, fingerprintOf(deps, plan));
  const { caller, role, opened, correlationId, receivedAt } = plan;
  await recordRead(
    deps,
    standaloneEntry(
      {
        at: receivedAt,
        action: 'job.read',
        outcome: 'success',
        actor: actorOf(deps, caller, role),
        ...(opened.userId !== undefined && { subjectRef: deps.refs.user(opened.userId) }),
        jobId: String(body['job_id']),
        correlationId,
        details: { kind: plan.kind.name, result: false, summary: false, repeated: true },
      },
      deps.random.ulid(receivedAt),
    ),
  );
  return { body, location: locationOf(body), repeated: true };
}

function jobOf(deps: Pick<AcceptDeps, 'refs' | 'random' | 'userJobLimit'>, plan: SubmitPlan): NewJob {
  const { receivedAt, runAt, caller, opened } = plan;
  const salt = deps.random.hex(32);
  return newJob({
    jobId: deps.random.ulid(receivedAt),
    entryId: deps.random.ulid(receivedAt),
    kind: plan.kind,
    payload: sealPayload(plan.completed, salt),
    priority: plan.priority,
    now: receivedAt,
    dueAt: runAt ?? receivedAt,
    ...(runAt !== undefined && { expiresAt: addSeconds(runAt, UNCLAIMED_HOURS * 3600) }),
    ...(opened.userId !== undefined && { userRef: deps.refs.user(opened.userId) }),
    counted: deps.userJobLimit !== undefined,
    actor: actorOf(deps, caller, plan.role),
    correlationId: plan.correlationId,
    details: {
      ...plan.notes,
      request_hash: saltedHash(plan.payload, salt),
      ...recordedChecks(plan.checks),
    },
  });
}

function answerOf({ row }: NewJob): JsonObject {
  const self = `${API_PREFIX}/jobs/${row.jobId}`;
  return {
    job_id: row.jobId,
    status: row.status,
    kind: row.kind,
    priority: row.priority,
    created_at: row.createdAt,
    due_at: row.dueAt,
    links: { self, cancel: `${self}/cancel`, retry: `${self}/retry` },
  };
}

const locationOf = (answer: JsonObject): string => `${API_PREFIX}/jobs/${String(answer['job_id'])}`;

function idempotencyOf(
  deps: Pick<Engine, 'refs'>,
  plan: SubmitPlan,
  answer: JsonObject,
): IdempotencyClaim | undefined {
  const keyRef = keyRefOf(deps, plan);
  if (keyRef === undefined) return undefined;
  const expiresAt = addSeconds(plan.receivedAt, IDEMPOTENCY_HOURS * 3600);
  return { keyRef, fingerprint: fingerprintOf(deps, plan), expiresAt, answer };
}

/** Keys are scoped to subject and route: two callers, or two kinds, never share one. */
const keyRefOf = (deps: Pick<Engine, 'refs'>, request: SubmitRequest): string | undefined =>
  request.idempotencyKey === undefined
    ? undefined
    : deps.refs.idempotencyKey(request.caller.subject, submitPath(request.kind.name), request.idempotencyKey);

const fingerprintOf = (deps: Pick<Engine, 'refs'>, request: SubmitRequest): string => {
  const options = { priority: request.priority, run_at: request.runAt ?? null };
  return deps.refs.fingerprint(canonicalJson({ body: request.payload, ...options }));
};

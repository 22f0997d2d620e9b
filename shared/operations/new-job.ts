import { CHAIN_START, chainedEntry } from '../evidence/audit-chain.ts';
import type { Actor } from '../evidence/audit-entry.ts';
import { type FixedFacts, rowHash, rowSaltOf } from '../evidence/job-row-facts.ts';
import type { JobKind } from '../jobs/define-job-kind.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { checkAtQueued } from '../lifecycle/check-at.ts';
import { addSeconds, type Instant, secondsBetween } from '../lifecycle/instant.ts';
import { type JobRow, ROW_VERSION } from '../lifecycle/job-row.ts';
import { maxAttempts, type Priority } from '../lifecycle/priority.ts';
import { openPayload } from './payload-envelope.ts';
import type { NewJob } from './ports.ts';

/** SQS delays a message by at most 900 s; what is due later waits as `scheduled` for the tick. */
export const LONGEST_DELAY_SECONDS = 900;

/** How far ahead the tick releases scheduled jobs; below the longest delay by a margin for a missed tick. */
export const RELEASE_AHEAD_SECONDS = 600;

export interface JobPlan {
  readonly jobId: string;
  readonly entryId: string;
  readonly kind: JobKind;
  readonly payload: JsonObject;
  readonly priority: Priority;
  readonly now: Instant;
  /** When it was accepted as a part of something else, if that was earlier; absent: now. */
  readonly acceptedAt?: Instant;
  readonly dueAt: Instant;
  readonly expiresAt?: Instant;
  readonly userRef?: string;
  /** It counts as one of the user's open jobs. */
  readonly counted?: boolean;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly parent?: { readonly jobId: string; readonly childKey: string; readonly awaited: boolean };
  /** Codes and counts that belong to the acceptance, such as the salted hash of the request. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** The first row of a job, its payload and the first entry of its audit chain. */
export function newJob(plan: JobPlan): NewJob {
  const waits = secondsBetween(plan.now, plan.dueAt) > LONGEST_DELAY_SECONDS;
  const status = waits ? 'scheduled' : 'queued';
  const fixed = fixedFacts(plan);
  const sealed = openPayload(plan.payload);
  const rowSalt = rowSaltOf(sealed.salt);
  const { entry, head } = chainedEntry(
    {
      at: plan.now,
      action: 'job.accepted',
      outcome: 'success',
      actor: plan.actor,
      ...(plan.userRef !== undefined && { subjectRef: plan.userRef }),
      jobId: plan.jobId,
      correlationId: plan.correlationId,
      details: {
        kind: plan.kind.name,
        priority: plan.priority,
        status,
        ...(plan.parent && { parent_job_id: plan.parent.jobId }),
        ...plan.details,
        row_hash: rowHash(fixed, rowSalt),
      },
    },
    plan.entryId,
    CHAIN_START,
  );
  const row: JobRow = {
    ...fixed,
    rowVersion: ROW_VERSION,
    status,
    generation: 1,
    attempt: 0,
    fence: 0,
    checkAt: waits ? addSeconds(plan.dueAt, -RELEASE_AHEAD_SECONDS) : checkAtQueued(plan.dueAt),
    checks: 0,
    resends: 0,
    ...(plan.userRef !== undefined && plan.counted && { counted: true }),
    attempts: [],
    ...answersFor(plan.kind, sealed.body),
    round: 0,
    rowSalt,
    ...head,
  };
  return { row, payload: plan.payload, audit: entry };
}

/** What the first entry binds by its hash. */
const fixedFacts = (plan: JobPlan): FixedFacts => ({
  jobId: plan.jobId,
  kind: plan.kind.name,
  priority: plan.priority,
  createdAt: plan.acceptedAt ?? plan.now,
  dueAt: plan.dueAt,
  ...(plan.expiresAt !== undefined && { expiresAt: plan.expiresAt }),
  attemptLimit: maxAttempts(plan.priority),
  ...(plan.userRef !== undefined && { userRef: plan.userRef }),
  actorRef: plan.actor.ref,
  actorRole: plan.actor.role,
  correlationId: plan.correlationId,
  ...(plan.parent && {
    parentId: plan.parent.jobId,
    childKey: plan.parent.childKey,
    ...(plan.parent.awaited && { awaited: true }),
  }),
});

function answersFor(kind: JobKind, body: JsonObject): Pick<JobRow, 'answersFor'> {
  const record = kind.open(body).answersFor;
  return record ? { answersFor: record } : {};
}

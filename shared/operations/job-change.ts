import { chainedEntry } from '../evidence/audit-chain.ts';
import type { Actor } from '../evidence/audit-entry.ts';
import type { OutcomeRow } from '../jobs/ports.ts';
import { type Instant, msOf } from '../lifecycle/instant.ts';
import { ATTEMPTS_KEPT, type AttemptRecord, type JobRow } from '../lifecycle/job-row.ts';
import { isTerminal, TRANSITIONS, type TransitionEvent } from '../lifecycle/transitions.ts';
import type { JobChange, RandomSource } from './ports.ts';

/** The name under which the system itself acts in the audit trail. */
export const systemActor = (part: string): Actor => ({ ref: `system:${part}`, role: 'system' });

export interface ChangePlan {
  readonly event: TransitionEvent;
  readonly before: JobRow;
  readonly now: Instant;
  readonly actor: Actor;
  /** How the running attempt ends; absent when none runs. */
  readonly attemptOutcome?: NonNullable<AttemptRecord['outcome']>;
  readonly errorCode?: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
  /** Fields of the row that this event sets. */
  readonly set?: Partial<JobRow>;
  /** The row without members that this event removes; absent: the row as it is. */
  readonly base?: JobRow;
}

/** A status change: the row after it, its audit entry, and the outcome row when the job has ended. */
export function jobChange(
  plan: ChangePlan,
  random: RandomSource,
): Pick<JobChange, 'event' | 'before' | 'after' | 'audit'> & { outcome?: OutcomeRow } {
  const { before, now, event } = plan;
  const transition = TRANSITIONS[event];
  const attempts = closeAttempts(before, plan);
  const { entry, head } = chainedEntry(
    {
      at: now,
      action: transition.audit,
      outcome: transition.to === 'failed' || event === 'retryLater' ? 'failure' : 'success',
      actor: plan.actor,
      ...(before.userRef !== undefined && { subjectRef: before.userRef }),
      jobId: before.jobId,
      correlationId: before.correlationId,
      details: {
        from: before.status,
        to: transition.to,
        generation: before.generation,
        attempt: before.attempt,
        // A claim is a single conditional update without an entry of its own: its time is told by the entry that ends it.
        ...attemptDetails(attempts, before),
        ...(plan.errorCode !== undefined && { error_code: plan.errorCode }),
        ...plan.details,
      },
    },
    random.ulid(now),
    before,
  );
  const ended = isTerminal(transition.to);
  const { leaseUntil, nextAttemptAt, waitsSince, checkAt, errorCode, counted, ...kept } = plan.base ?? before;
  const after: JobRow = {
    ...kept,
    checks: 0,
    ...(plan.errorCode !== undefined && { errorCode: plan.errorCode }),
    ...(ended ? { endedAt: now } : counted && { counted }),
    ...plan.set,
    status: transition.to,
    attempts,
    ...head,
  };
  return { event, before, after, audit: entry, ...(ended && { outcome: outcomeOf(after, now) }) };
}

/** Ends the open attempt; earlier ones that never ended died without a word. */
function closeAttempts(before: JobRow, plan: ChangePlan): readonly AttemptRecord[] {
  const last = before.attempts.length - 1;
  return before.attempts
    .map((attempt, index): AttemptRecord => {
      if (attempt.outcome !== undefined) return attempt;
      const ends = index === last && plan.attemptOutcome !== undefined;
      if (!ends) return { ...attempt, outcome: 'died', errorCode: 'worker_died' };
      return {
        ...attempt,
        outcome: plan.attemptOutcome,
        endedAt: plan.now,
        ...(plan.errorCode !== undefined && { errorCode: plan.errorCode }),
      };
    })
    .slice(-ATTEMPTS_KEPT);
}

function attemptDetails(attempts: readonly AttemptRecord[], before: JobRow): Record<string, string | number> {
  const last = attempts.at(-1);
  const open = before.attempts.filter((attempt) => attempt.outcome === undefined).length;
  if (!last || open === 0) return {};
  return { attempt_started_at: last.startedAt, ...(open > 1 && { attempts_died: open - 1 }) };
}

function outcomeOf(row: JobRow, now: Instant): OutcomeRow {
  const ofGeneration = row.attempts.filter((attempt) => attempt.generation === row.generation);
  const first = ofGeneration[0];
  const last = ofGeneration.at(-1);
  const status = row.status;
  if (!isTerminal(status)) throw new Error(`A job in status ${status} has no outcome.`);
  return {
    jobId: row.jobId,
    generation: row.generation,
    kind: row.kind,
    priority: row.priority,
    status,
    ...(row.errorCode !== undefined && { errorCode: row.errorCode }),
    createdAt: row.createdAt,
    dueAt: row.dueAt,
    ...(first && { startedAt: first.startedAt }),
    // A job that a person retried has not waited in the queue since it was first due.
    ...(first && row.generation === 1 && { queueWaitMs: msOf(first.startedAt) - msOf(row.dueAt) }),
    endedAt: now,
    ...(last?.endedAt !== undefined && { executionMs: msOf(last.endedAt) - msOf(last.startedAt) }),
    attempts: row.attempt,
    ...(row.userRef !== undefined && { userRef: row.userRef }),
  };
}

import { checkAtRunning } from './check-at.ts';
import { addSeconds, type Instant } from './instant.ts';
import { ATTEMPTS_KEPT, type JobRow } from './job-row.ts';
import { leaseSeconds, type PriorityTiming } from './priority.ts';
import { allows, isTerminal } from './transitions.ts';

/** A message may arrive this much before its time: clocks and visibility timeouts are not exact. */
export const EARLY_TOLERANCE_SECONDS = 5;

export interface ClaimRequest {
  readonly jobId: string;
  readonly generation: number;
  readonly now: Instant;
  readonly timing: PriorityTiming;
}

/** Why a claim is refused, and with that what happens to the message. */
export type ClaimRefusal =
  | { readonly reason: 'missing' }
  | {
      readonly reason: 'terminal' | 'stale_generation' | 'leased' | 'not_claimable' | 'exhausted' | 'expired';
      readonly row: JobRow;
    }
  | { readonly reason: 'early'; readonly until: Instant; readonly row: JobRow };

/**
 * The rule of a claim, in words of the row. `undefined` means that the claim is allowed.
 * The DynamoDB condition of the real store says the same; a contract test holds both against each other.
 */
export function refuseClaim(row: JobRow | undefined, request: ClaimRequest): ClaimRefusal | undefined {
  if (!row) return { reason: 'missing' };
  if (isTerminal(row.status)) return { reason: 'terminal', row };
  if (row.generation !== request.generation) return { reason: 'stale_generation', row };
  if (!allows('claim', row.status)) return { reason: 'not_claimable', row };
  if (row.status === 'running' && (row.leaseUntil ?? '') > request.now) return { reason: 'leased', row };
  if (row.expiresAt !== undefined && row.expiresAt <= request.now) return { reason: 'expired', row };
  if (row.attempt >= row.attemptLimit) return { reason: 'exhausted', row };
  // A delivery is never early, so the due time has no tolerance; the retry delay has one.
  if (row.dueAt > request.now) return { reason: 'early', until: row.dueAt, row };
  const next = row.nextAttemptAt;
  if (next !== undefined && next > addSeconds(request.now, EARLY_TOLERANCE_SECONDS))
    return { reason: 'early', until: next, row };
  return undefined;
}

/** The row after a successful claim: attempt + 1, fence + 1, a lease, and a note of the attempt. */
export function claimed(row: JobRow, request: ClaimRequest): JobRow {
  const leaseUntil = addSeconds(request.now, leaseSeconds(request.timing));
  const { nextAttemptAt: _, ...rest } = row;
  return {
    ...rest,
    status: 'running',
    attempt: row.attempt + 1,
    fence: row.fence + 1,
    leaseUntil,
    checkAt: checkAtRunning(leaseUntil, request.timing),
    checks: 0,
    attempts: [
      ...row.attempts,
      { generation: row.generation, attempt: row.attempt + 1, startedAt: request.now },
    ].slice(-ATTEMPTS_KEPT),
  };
}

import { addSeconds, type Instant } from './instant.ts';
import type { PriorityTiming } from './priority.ts';

/** Seconds after which a job that should have moved is looked at by the reconciler. */
export const CHECK_AFTER = {
  queuedSeconds: 120,
  retryingSeconds: 60,
  waitingSeconds: 3600,
  /** The longest interval between two looks; it doubles up to here. */
  longestSeconds: 3600,
} as const;

export const checkAtQueued = (dueAt: Instant): Instant => addSeconds(dueAt, CHECK_AFTER.queuedSeconds);

export const checkAtRetrying = (nextAttemptAt: Instant): Instant =>
  addSeconds(nextAttemptAt, CHECK_AFTER.retryingSeconds);

/** A lease that died is found one retry delay later: by then the message would have come back by itself. */
export const checkAtRunning = (leaseUntil: Instant, timing: PriorityTiming): Instant =>
  addSeconds(leaseUntil, timing.visibilitySeconds);

export const checkAtWaiting = (now: Instant): Instant => addSeconds(now, CHECK_AFTER.waitingSeconds);

/** The next look at a job that was looked at `checks` times without having moved. */
export const nextCheckAt = (now: Instant, checks: number): Instant =>
  addSeconds(now, Math.min(CHECK_AFTER.queuedSeconds * 2 ** checks, CHECK_AFTER.longestSeconds));

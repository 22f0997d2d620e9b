import type { FunctionName } from '#shared/contract/functions.ts';
import { SETTLED_SECONDS } from '#shared/jobs/archive/change-log.ts';

/** Those whose timeout comes from the timing of a priority: workers, and the function for which the last of them waits. */
export type TimedByPriority = 'worker' | 'restore-drill';

/** Seconds after which Lambda ends a function. */
export const TIMEOUT_SECONDS = {
  'submit-job': 10,
  'jobs-api': 10,
  'interactions-api': 10,
  'users-api': 10,
  // A page of everything, or years of a trail.
  'rights-api': 28,
  // Nearly as long as API Gateway waits: two thousand lines are sealed and stored.
  'imports-api': 28,
  'operations-api': 10,
  'break-glass-api': 10,
  'audit-api': 10,
  // The widget waits for a call of the API, which may be a cold start.
  'operations-widget': 20,
  'not-found': 10,
  'dead-letter': 30,
  // Each of these ends before its next round begins.
  tick: 50,
  'tick-shard': 50,
  reconciler: 50,
  recurring: 30,
  // A user with years of doses.
  erasure: 840,
  // Half of what the ranges of the change log leave to it: see SETTLED_SECONDS.
  'change-log': SETTLED_SECONDS / 2,
  // An hour of millions of entries, or a day that was missed.
  'audit-seal': 840,
} as const satisfies Record<Exclude<FunctionName, TimedByPriority>, number>;

/** Seconds after which an event that starts a round is worth nothing: the next round has begun. */
export const ROUND_SECONDS = 60;
/** An hourly or daily event is worth waiting for. */
export const RECURRING_SECONDS = 6 * 3_600;

/** What is left of an erasure is done by the next run, too. */
export const ERASURE_SECONDS = 900;

/** What has no seal is found by the next round, too. */
export const SEAL_SECONDS = 1_800;

/** Memory decides the share of a CPU: what people wait for gets more than what nobody watches. */
export const MEMORY_MB = {
  'submit-job': 1_024,
  'jobs-api': 1_024,
  'interactions-api': 1_024,
  'users-api': 1_024,
  'rights-api': 1_024,
  'imports-api': 2_048,
  'operations-api': 512,
  // In an emergency people wait for it.
  'break-glass-api': 1_024,
  'audit-api': 512,
  'operations-widget': 512,
  'not-found': 512,
  worker: 1_024,
  'dead-letter': 512,
  tick: 512,
  'tick-shard': 1_024,
  // A bulk action at its highest rate: 1,200 jobs in 20 s, a millisecond of CPU for each of their calls.
  reconciler: 1_024,
  recurring: 512,
  erasure: 512,
  'change-log': 512,
  // It unpacks, hashes and writes as fast as it can: what it takes is what is measured.
  'restore-drill': 1_024,
  'audit-seal': 1_024,
} as const satisfies Record<FunctionName, number>;

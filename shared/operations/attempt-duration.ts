import { type Instant, msOf } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';

/** Milliseconds from the claim of the row's latest attempt to `now`; `undefined` before its first. */
export function attemptDurationMs({ attempts }: Pick<JobRow, 'attempts'>, now: Instant): number | undefined {
  const latest = attempts.at(-1);
  return latest && msOf(now) - msOf(latest.startedAt);
}

import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { leaseSeconds, type Timing } from '../lifecycle/priority.ts';
import { isTerminal } from '../lifecycle/transitions.ts';

/**
 * Whether a job may still do something. What has not ended goes on, or is ended by the reconciler; of what was cancelled an
 * attempt may run that has not noticed, until its lease is over. `undefined`: it is no more.
 */
export function stillActs(row: JobRow | undefined, now: Instant, timing: Timing): boolean {
  if (!row) return false;
  if (!isTerminal(row.status)) return true;
  const last = row.attempts.at(-1);
  if (last?.outcome !== 'cancelled') return false;
  return addSeconds(last.startedAt, leaseSeconds(timing[row.priority])) > now;
}

import { type Instant, later, secondsBetween } from './instant.ts';
import type { JobRow } from './job-row.ts';
import type { Priority } from './priority.ts';

/**
 * From how many seconds beyond its time on a job is late: CRITICAL and HIGH one retry delay, the others what their callers
 * can live with. Alarms and operators' lists go by it.
 */
export const LATE_AFTER_SECONDS = {
  CRITICAL: 60,
  HIGH: 300,
  MEDIUM: 900,
  LOW: 3_600,
} as const satisfies Record<Priority, number>;

/** How long a job has waited beyond its time; one that a worker holds does not wait. */
export const overdueSeconds = (row: JobRow, now: Instant): number =>
  row.status === 'running' && (row.leaseUntil ?? '') > now
    ? 0
    : secondsBetween(later(row.dueAt, row.nextAttemptAt ?? row.dueAt), now);

import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Priority } from '../lifecycle/priority.ts';
import type { PauseState, PauseStates } from '../lifecycle/priority-pause.ts';
import type { JobFilter } from './bulk-ports.ts';
import type { WatchClass } from './ports.ts';

/** What was decided about the priorities: the truth, whatever their workers do at the moment. */
export interface PriorityPauses {
  /** All four in one read. */
  read(): Promise<PauseStates>;
  /** State and audit entry, all or nothing; false when the state is no longer `before`. */
  change(priority: Priority, before: PauseState, after: PauseState, audit: AuditEntry): Promise<boolean>;
  /** From `resuming` to `running`: nobody decides anything, so it has no entry. False as above. */
  settle(priority: Priority, before: PauseState): Promise<boolean>;
}

/** Whether the workers of a priority are given the messages of its queue. What they hold already they finish. */
export interface WorkerIntake {
  /** Begins to open or close it, which takes some seconds; as it is already, nothing happens. False: it is changing, ask again. */
  turn(priority: Priority, to: 'open' | 'closed'): Promise<boolean>;
  state(priority: Priority): Promise<'open' | 'closed' | 'changing'>;
}

/** Numbers of jobs that have not ended, by the status index. */
export interface OpenJobs {
  /** At most `limit`; `more` when there are, or may be, others. */
  count(
    filter: { priority: Priority; watches: readonly WatchClass[] } & Omit<JobFilter, 'priority'>,
    limit: number,
  ): Promise<OpenCount>;
}
export interface OpenCount {
  readonly count: number;
  readonly more: boolean;
}

/** Doses that were due, by what became of them. */
export interface PastDoses {
  /** About how many were due from `from` to before `until`: told, held or not sent. */
  count(from: Instant, until: Instant): Promise<number>;
}

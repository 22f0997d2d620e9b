import type { Actor, AuditEntry } from '../evidence/audit-entry.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Priority } from '../lifecycle/priority.ts';
import type { Status } from '../lifecycle/transitions.ts';
import type { OpenCount } from './pause-ports.ts';

/** `running` until all that it found has been looked at. */
export const BULK_STATUSES = ['running', 'completed', 'aborted'] as const;

/** By what jobs are told apart; all that is given has to hold. `from` … `to` is when a job was made. */
export interface JobFilter {
  readonly kind?: string;
  readonly status?: Status;
  readonly priority?: Priority;
  readonly errorCode?: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

/** What an operator has asked to be done to many jobs, and how far it is. Codes, counts, times and keyed hashes only. */
export interface BulkAction {
  readonly bulkActionId: string;
  /** Keyed hash of what was asked for. */
  readonly fingerprint: string;
  readonly action: 'retry' | 'cancel';
  readonly filter: JobFilter;
  readonly ratePerSecond: number;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly endedAt?: Instant;
  readonly status: (typeof BULK_STATUSES)[number];
  /** What the filter named when it was made. */
  readonly matched: OpenCount;
  readonly changed: number;
  readonly refused: number;
  /** Rows that it came by and that cannot be read: whether the filter names them nobody can tell. */
  readonly unreadable?: number;
  /** Where it goes on in the list of open jobs. */
  readonly cursor?: string;
  /** Until then somebody is at it. */
  readonly leaseUntil?: Instant;
  /** Raised by every write, each of which is conditional on it. */
  readonly revision: number;
}

export interface BulkActions {
  /** With its audit entry, all or nothing. @returns the one that stands under that id already, if there is one */
  start(action: BulkAction, audit: AuditEntry): Promise<BulkAction | undefined>;
  read(bulkActionId: string): Promise<BulkAction | undefined>;
  /** Those that run, the oldest first. */
  running(limit: number): Promise<readonly BulkAction[]>;
  /** From one state to the next; false when it is no longer `before`. */
  change(before: BulkAction, after: BulkAction, audit?: AuditEntry): Promise<boolean>;
}

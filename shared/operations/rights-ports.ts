import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Ref } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';

/** Every name under which the audit trail may know who is known by that keyed hash; of any other name that name only. */
export type PseudonymsOf = (ref: string) => Promise<readonly string[]>;

/** Audit entries by whom they are about. */
export interface SubjectTrail {
  /**
   * Entries of `[from, to)`, newest first, at most `limit` of those that are wanted. `next` continues, also behind a page
   * that is not full; it is absent on the last one.
   */
  page(
    subjects: readonly string[],
    range: { readonly from: Instant; readonly to: Instant },
    wanted: (entry: AuditEntry) => boolean,
    limit: number,
    after?: string,
  ): Promise<{ readonly entries: readonly AuditEntry[]; readonly next?: string }>;
}

/** A user who is to be erased. */
export interface DueErasure {
  readonly owner: Ref;
  readonly dueAt: Instant;
}

/**
 * What has become of a user's secret. `open`: as with everybody. `closed`: nothing new is sealed, what stands can be
 * opened. `destroyed`: nothing can be opened, and there will never be another one.
 */
export type SecretState =
  | { readonly state: 'none' | 'open' }
  | { readonly state: 'closed'; readonly at: Instant }
  | { readonly state: 'destroyed'; readonly at: Instant; readonly erasureId: string };

/** What it takes to erase a user. Every call may be repeated. */
export interface EraseStore {
  /** Of those that are due at `now` or earlier the first `limit`, in order of time. */
  due(now: Instant, limit: number): Promise<readonly DueErasure[]>;
  /** Takes an entry off the list. */
  settle(entry: DueErasure): Promise<void>;
  secret(owner: Ref): Promise<SecretState>;
  /** From then on nothing new is sealed for this user, in other environments after a minute at the latest. */
  closeSecret(owner: Ref, at: Instant): Promise<void>;
  /** Only of a closed one. A mark stays for ever, which keeps another one from being made. */
  destroySecret(owner: Ref, erasureId: string, at: Instant): Promise<void>;
  /** From then on no claim of a token relates anybody to this user. It stays for ever. */
  markErased(owner: Ref, at: Instant): Promise<void>;
  /** Deletes up to `limit` records with their due entries, but not the mark, nor what was decided about the erasure; answers how many. */
  deleteRecords(owner: Ref, limit: number): Promise<number>;
  /** Takes the user off the lists of the patients of those people. */
  deleteGrantees(owner: Ref, grantees: readonly Ref[]): Promise<void>;
  /** Takes the user off the list of those who have a medication. */
  deleteUserRow(owner: Ref): Promise<void>;
  /** Deletes what was decided about the erasure. */
  deleteDecision(owner: Ref): Promise<void>;
}

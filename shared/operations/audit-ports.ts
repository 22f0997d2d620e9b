import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Instant } from '../lifecycle/instant.ts';

/** Whose entries are looked for: about a job, about a patient, or by somebody who acted. */
export type AuditAbout =
  | { readonly by: 'job'; readonly jobId: string }
  | ({ readonly by: 'subject' } & Person)
  | ({ readonly by: 'actor' } & Person);

interface Person {
  /** A keyed hash, or what an entry calls somebody. */
  readonly ref: string;
  /** What else entries may call the same person, which changes with the years. */
  readonly pseudonyms?: readonly string[];
}

/** Entries of `[from, to)`. */
export interface AuditRange {
  readonly from: Instant;
  readonly to: Instant;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Items of the page that are no entries: they are counted and not shown. */
  readonly unreadable: number;
  /** Where the next page begins; absent: there is none. */
  readonly next?: string;
}

/** The audit trail by what it tells of, in the order of time. What was written a moment ago may not be there yet. */
export interface AuditPages {
  /** @throws ProblemError `invalid_input` when `after` is none that a page has given out */
  page(about: AuditAbout, range: AuditRange, limit: number, after?: string): Promise<AuditPage>;
}

import type { Instant } from '../lifecycle/instant.ts';
import type { AuditAction } from './audit-actions.ts';
import type { RecordedPurpose } from './purpose-of-use.ts';

/**
 * One entry of the audit trail: who did what to whose data, when and with which outcome. Ids, codes, keyed and salted
 * hashes only, never PHI. Once written, keyed hashes are pseudonyms (`shared/evidence/pseudonyms.ts`). Entries about one job's state are chained: `seq`, `prevHash`, `hash`.
 */
export interface AuditEntry {
  readonly v: 1;
  /** ULID. */
  readonly entryId: string;
  readonly at: Instant;
  /** Also of entries that an earlier version wrote: no name ever leaves the list. */
  readonly action: AuditAction;
  readonly outcome: 'success' | 'refused' | 'failure';
  readonly actor: Actor;
  /** Keyed hash of the patient whose data it is. */
  readonly subjectRef?: string;
  /** The job it is about; what is no change of that job, like a refusal, stands outside its chain. */
  readonly jobId?: string;
  readonly correlationId: string;
  /** Codes and counts; never text that a caller sent. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly seq?: number;
  readonly prevHash?: string;
  /** SHA-256 (hex) over the canonical JSON of everything above. */
  readonly hash: string;
}

/** Who acted. `ref` is a keyed hash of the token's subject, or the name of the system part that acted. */
export interface Actor {
  readonly ref: string;
  readonly role: string;
  readonly tokenId?: string;
  /** What a person or an application acted for; the system's own parts have none. */
  readonly purpose?: RecordedPurpose;
  /** Keyed hash of the person for whom a service said that it acts. */
  readonly onBehalfOf?: string;
  /** Id of the grant of emergency access without which the request would have been refused. */
  readonly breakGlass?: string;
}

/** An entry before it has been placed in its chain and hashed. */
export type AuditDraft = Omit<AuditEntry, 'v' | 'entryId' | 'seq' | 'prevHash' | 'hash'>;

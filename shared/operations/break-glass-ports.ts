import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { BreakGlassReason, BreakGlassVerdict, ReviewStatus } from '../evidence/break-glass.ts';
import type { Ref } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Role } from '../lifecycle/role.ts';
import type { FirstAnswer, IdempotencyClaim, NewJob } from './ports.ts';

/** Emergency access of one person to one patient, as far as it stands in the clear: hashes, codes and times. */
export interface BreakGlassGrant {
  readonly grantId: string;
  readonly userRef: Ref;
  /** Keyed hash of its holder, as the audit trail names them. */
  readonly actorRef: string;
  /** In which the holder asked for it; it counts in no other. */
  readonly role: Role;
  readonly reasonCode: BreakGlassReason;
  readonly grantedAt: Instant;
  readonly expiresAt: Instant;
  readonly reviewDueAt: Instant;
  /** When it was ended before its time. */
  readonly endedAt?: Instant;
  readonly review?: BreakGlassReview;
  readonly revision: number;
}

export interface BreakGlassReview {
  readonly verdict: BreakGlassVerdict;
  readonly reviewedAt: Instant;
  readonly reviewerRef: string;
  readonly role: Role;
}

/** What is sealed with the patient's secret, and gone with it. */
export interface BreakGlassWords {
  readonly userId: string;
  /** The holder's subject, as their issuer knows them. */
  readonly holder: string;
  readonly reason: string;
  /** The reviewer's. */
  readonly note?: string;
}

/** `words` are absent when the patient's secret was erased. */
export interface OpenedGrant {
  readonly grant: BreakGlassGrant;
  readonly words?: BreakGlassWords;
}

/** Whether somebody has emergency access. Read anew each time: nothing of it is kept. */
export interface EmergencyGrants {
  /** The newest one of that person for that patient, whether it still counts or not; two reads, one when there is none. */
  newest(actorRef: string, userRef: Ref): Promise<BreakGlassGrant | undefined>;
  /** The same for every patient, as far as they have not expired at `now`. */
  unexpired(actorRef: string, now: Instant): Promise<readonly BreakGlassGrant[]>;
}

/** Every grant for a patient that stands, in no order; what cannot be read is told instead. */
export type PatientGrants = (
  userRef: Ref,
  passOver: (grantId: string) => void,
) => AsyncIterable<BreakGlassGrant>;

export interface NewGrant {
  readonly grant: BreakGlassGrant;
  readonly words: BreakGlassWords;
  readonly audit: AuditEntry;
  /** The job that tells the patient's application. */
  readonly notice: NewJob;
  readonly idempotency?: IdempotencyClaim | undefined;
}

export interface BreakGlassStore {
  /**
   * Grant, audit entry, row for roll-ups, notice and idempotency key, all or nothing; `taken`: the key was. `barred`: a
   * verdict on any grant of this holder for this patient bars them.
   */
  open(grant: NewGrant): Promise<{ readonly taken?: FirstAnswer; readonly barred?: true }>;
  read(grantId: string): Promise<OpenedGrant | undefined>;
  /** Only what stands in the clear: no key is needed. */
  readClear(grantId: string): Promise<BreakGlassGrant | undefined>;
  /**
   * Ends it or adds a review, with its audit entry; false when it is no longer `before`. A review that finds it not justified
   * bars its holder from that patient, whichever grant is their newest.
   * @param note the reviewer's words, sealed; lost when nothing is sealed for the patient any more
   */
  change(before: BreakGlassGrant, after: BreakGlassGrant, audit: AuditEntry, note?: string): Promise<boolean>;
  /** Those to be reviewed with the earliest term first, reviewed ones with the latest first. */
  page(
    status: ReviewStatus,
    now: Instant,
    limit: number,
    after?: string,
  ): Promise<{ readonly grants: readonly BreakGlassGrant[]; readonly next?: string }>;
}

/** For whoever watches over the reviews. */
export interface OverdueReviews {
  /** How many have not been made in time; counted up to `limit`. */
  count(now: Instant, limit: number): Promise<number>;
  /** How many grants were made since then, judged or not; counted up to `limit`. */
  made(since: Instant, limit: number): Promise<number>;
}

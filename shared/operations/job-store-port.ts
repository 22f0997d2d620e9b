import type { AuditEntry } from '../evidence/audit-entry.ts';
import type {
  JsonObject,
  OccurrenceState,
  OccurrenceStateWrite,
  OutcomeRow,
  RecordVersion,
  RecordWrite,
} from '../jobs/ports.ts';
import type { ClaimRefusal, ClaimRequest } from '../lifecycle/claim.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Priority } from '../lifecycle/priority.ts';
import type { TransitionEvent } from '../lifecycle/transitions.ts';
import type { RecallEntry } from './recall-ports.ts';

/** A job to be written: its first row, its payload (encrypted by the store) and its first audit entry. */
export interface NewJob {
  readonly row: JobRow;
  readonly payload: JsonObject;
  readonly audit: AuditEntry;
}

/** Claims an idempotency key in the accepting transaction. */
export interface IdempotencyClaim {
  /** Keyed hash of subject, route and key. */
  readonly keyRef: string;
  /** Keyed hash of the canonical body. */
  readonly fingerprint: string;
  readonly expiresAt: Instant;
  /** Given back to a repetition: the first answer, made of ids and codes. */
  readonly answer: JsonObject;
}

/** What the first request with an idempotency key was, and what it was answered. */
export interface FirstAnswer {
  readonly fingerprint: string;
  readonly answer: JsonObject;
}

export type AcceptAnswer =
  | { readonly accepted: true }
  /** The key is taken, by an earlier request or the winner of a race. */
  | { readonly accepted: false; readonly taken: FirstAnswer }
  /** The user has as many open jobs as they may. */
  | { readonly accepted: false; readonly full: true }
  /** A job of that id stands already: a derived id made twice. */
  | { readonly accepted: false; readonly exists: true };

export type ClaimAnswer = { readonly row: JobRow } | { readonly refusal: ClaimRefusal };

/** One status change with all that belongs to it: one transaction, all or nothing. */
export interface JobChange {
  readonly event: TransitionEvent;
  /** The row as it was read. The write is conditional on its status being one that `event` allows, and on `chainSeq`, `fence` and `generation` being unchanged. */
  readonly before: JobRow;
  readonly after: JobRow;
  readonly audit: AuditEntry;
  /** Replaces any earlier result (encrypted by the store; large ones go to S3). */
  readonly result?: JsonObject;
  /** The result in one line: sealed by the store, it becomes a member of the row. */
  readonly summary?: string;
  readonly outcome?: OutcomeRow;
  /** By what the result is found again. */
  readonly recall?: RecallEntry;
  readonly writes?: readonly RecordWrite[];
  /** How the record that the job answers for is left when the engine ends it. */
  readonly closing?: OccurrenceStateWrite;
  readonly children?: readonly NewJob[];
  /** How many open jobs a user may have of whom this makes one more, as a child or anew; absent: any number. */
  readonly openLimit?: number;
  /** The parent's own change when this job is its child: the countdown, or `childrenDone`. */
  readonly parent?: ParentChange;
}

export interface ParentChange {
  readonly before: JobRow;
  readonly after: JobRow;
  /** Present when the countdown reached zero and the parent's status changes. */
  readonly audit?: AuditEntry;
}

/**
 * - `committed`: it stands.
 * - `lost`: the row has moved (fence, generation, chain or status): nothing was written.
 * - `conflict`: the row is as it was, but a record's version or the parent has moved: read again and try again.
 * - `full`: the row is as it was, but a user would have more open jobs than `openLimit`.
 */
export type CommitAnswer = 'committed' | 'lost' | 'conflict' | 'full';

export interface JobPage {
  readonly rows: readonly JobRow[];
  /** How many rows of the page this version cannot read. */
  readonly unreadable?: number;
  /** Opaque; absent on the last page. */
  readonly next?: string;
}

export type WatchClass = 'scheduled' | 'open' | 'waiting' | 'failed';

export interface JobStore {
  /** What an idempotency key was answered with, while it lives at `now`. */
  answered(keyRef: string, now: Instant): Promise<FirstAnswer | undefined>;
  /**
   * A job that is `counted` is one more of its user's open jobs, from its acceptance or, if it is retried, from then on;
   * with its end, in the same transaction, it is one less.
   * @param openLimit how many such jobs the user may have; without it any number
   */
  accept(job: NewJob, idempotency?: IdempotencyClaim, openLimit?: number): Promise<AcceptAnswer>;
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  commit(change: JobChange): Promise<CommitAnswer>;
  /** Writes records, conditional on the row still being held under `fence` and on `unchanged` standing as they were read. */
  recordIntent(
    row: JobRow,
    writes: readonly RecordWrite[],
    unchanged?: readonly RecordVersion[],
    evidence?: readonly AuditEntry[],
  ): Promise<Exclude<CommitAnswer, 'full'>>;
  /** How many of their jobs that were asked for have not ended. */
  openCounts(userRefs: readonly string[]): Promise<ReadonlyMap<string, number>>;
  read(jobId: string): Promise<JobRow | undefined>;
  readMany(jobIds: readonly string[]): Promise<(JobRow | undefined)[]>;
  payload(row: JobRow): Promise<JsonObject>;
  result(row: JobRow): Promise<JsonObject | undefined>;
  /** The occurrence that the job answers for, as far as it stands in the clear: no key is needed. */
  answeredRecord(row: JobRow): Promise<OccurrenceState | undefined>;
  /**
   * The summaries of these rows by job id; rows that have none, or whose owner's secret was erased, are left out. The
   * keys of all of them are read together: no call when none has a summary.
   */
  summaries(rows: readonly JobRow[]): Promise<ReadonlyMap<string, string>>;
  /** Rows of one class and priority whose `checkAt` is at or before `until`, oldest first, at most `limit`; those that cannot be read are left out, and noticed. */
  watched(watch: WatchClass, priority: Priority, until: Instant, limit: number): Promise<JobRow[]>;
  /** Moves `checkAt` on; false when somebody else did, or the row has moved. Also counts a resend when asked. */
  touch(row: JobRow, next: { checkAt: Instant; checks: number; resends?: number }): Promise<boolean>;
  /** Newest first. `month` is `YYYY-MM`. */
  listByUser(userRef: string, month: string, limit: number, after?: string): Promise<JobPage>;
  /** Unfinished and failed jobs by the status index, page by page; for staff. */
  listOpen(
    filter: { watches: readonly WatchClass[]; priorities: readonly Priority[] },
    limit: number,
    after?: string,
  ): Promise<JobPage>;
  /** Ended jobs by outcome rows of `[from, to)`, latest hour first; for staff. */
  listEnded(
    range: { from: Instant; to: Instant },
    limit: number,
    after?: string,
  ): Promise<{ readonly rows: readonly OutcomeRow[]; readonly next?: string }>;
}

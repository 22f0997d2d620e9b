import type { Instant } from '../lifecycle/instant.ts';
import type { Priority } from '../lifecycle/priority.ts';

/** Plain JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Keyed hash that stands for a user or a medication wherever the id itself must not appear. */
export type Ref = string;

/** Owner of records that belong to no patient: roll-ups, backup catalogue. */
export const SYSTEM_OWNER: Ref = 'SYSTEM';

// ---- Records: what is known about a user -----------------------------------------------------------------------
// `state` is stored in the clear (codes, due times, versions); `body` is field-encrypted.

export interface UserBody {
  readonly userId: string;
  readonly timeZone?: string;
}

export interface SupplySnapshotBody {
  readonly medicationId: string;
  readonly supplyUnits: number;
  readonly takenAt: Instant;
  readonly result: JsonObject;
}

export interface MedicationBody {
  readonly userId: string;
  readonly medicationId: string;
  readonly lastSnapshot?: SupplySnapshotBody;
}

export interface ScheduleBody {
  readonly userId: string;
  readonly medicationId: string;
  /** Canonical code: QD, BID, TID, QID, Q8H … */
  readonly frequency: string;
  /** Local wall-clock times `HH:MM`, ascending. Empty for elapsed intervals. */
  readonly times: readonly string[];
  /** For elapsed intervals: hours between doses and the instant from which they are counted. */
  readonly intervalHours?: number;
  readonly anchor?: Instant;
  /** IANA zone. */
  readonly timeZone: string;
  readonly startDate: string;
  /** Last local date with a dose; absent: no end. */
  readonly endDate?: string;
  /** ISO numbers of weekdays (1 is Monday), for frequencies that count within a week. */
  readonly weekdays?: readonly number[];
  /** Days with and without doses, in turn, from the start date. */
  readonly cycle?: { readonly daysOn: number; readonly daysOff: number };
  /** What a monthly dose does in a month without its day; absent: `clamp` to the last day. */
  readonly monthRule?: 'clamp' | 'skip';
  readonly tzdataVersion: string;
}

export type OccurrenceStatus = 'scheduled' | 'sending' | 'published' | 'not_sent';

export interface OccurrenceBody {
  readonly userId: string;
  readonly medicationId: string;
  readonly localTime: string;
  readonly timeZone: string;
  readonly slots: readonly string[];
}

export interface RecordShapes {
  /** One per user; id is empty. */
  user: { state: Record<never, never>; body: UserBody };
  /** id: the medication's ref. */
  medication: { state: { status: 'active' | 'stopped' }; body: MedicationBody };
  /** id: the medication's ref. A change of an active schedule's `nextDueAt` also enters it in the due buckets. */
  schedule: {
    state: {
      status: 'active' | 'stopped';
      nextDueAt: Instant | null;
      /** Acceptance time of the job that wrote it: orders replacements. */
      acceptedAt: Instant;
      /** Raised when a job replaces the schedule; unlike the version it stays when the tick advances it. */
      revision: number;
    };
    body: ScheduleBody;
  };
  /** id: `<local date>#<medication ref>#<slot>`. */
  occurrence: {
    state: { status: OccurrenceStatus; dueAt: Instant; scheduleRevision: number; reason: string | null };
    body: OccurrenceBody;
  };
  /** id: `<medication ref>#<taken at>#<job id>`; immutable. */
  snapshot: { state: Record<never, never>; body: SupplySnapshotBody };
  /** id: `<granularity>#<start>`; owner is SYSTEM. */
  rollup: { state: { revision: number }; body: JsonObject };
  /** id: `<started at>#<job id>`; owner is SYSTEM. */
  backup: { state: { status: 'completed' | 'failed' }; body: JsonObject };
}

export type RecordType = keyof RecordShapes;

export interface StoredRecord<T extends RecordType> {
  readonly type: T;
  readonly id: string;
  /** Starts at 1 and is raised by every write. */
  readonly version: number;
  readonly state: RecordShapes[T]['state'];
  readonly body: RecordShapes[T]['body'];
}

export interface RecordWriteOf<T extends RecordType> {
  readonly type: T;
  readonly owner: Ref;
  readonly id: string;
  /** The version that must stand now; `absent`: none may; `any`: whatever stands is replaced. */
  readonly expect: number | 'absent' | 'any';
  readonly state: RecordShapes[T]['state'];
  readonly body: RecordShapes[T]['body'];
}

export type RecordWrite = { [T in RecordType]: RecordWriteOf<T> }[RecordType];

export interface RecordKey<T extends RecordType = RecordType> {
  readonly type: T;
  readonly owner: Ref;
  readonly id: string;
}

export interface RecordReader {
  /** One strongly consistent batch; the answer keeps the order of the keys, `undefined` where nothing stands. */
  readMany<T extends RecordType>(keys: readonly RecordKey<T>[]): Promise<(StoredRecord<T> | undefined)[]>;
  /** Every record of that type whose id begins with `idPrefix`, in order of id. */
  list<T extends RecordType>(type: T, owner: Ref, idPrefix: string): AsyncIterable<StoredRecord<T>>;
}

/** Keyed hashes. Ready before any job is processed, hence synchronous. */
export interface Refs {
  user(userId: string): Ref;
  medication(userId: string, medicationId: string): Ref;
}

// ---- Outcomes, backup and messages ------------------------------------------------------------------------------

/** One ended job, as appended by its final transaction. */
export interface OutcomeRow {
  readonly jobId: string;
  readonly generation: number;
  readonly kind: string;
  readonly priority: Priority;
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'expired' | 'superseded';
  readonly errorCode?: string;
  readonly createdAt: Instant;
  readonly dueAt: Instant;
  /** When the first attempt of this generation began; absent when none did. */
  readonly startedAt?: Instant;
  readonly endedAt: Instant;
  /** Milliseconds of the last attempt's execution; absent when none ran. */
  readonly executionMs?: number;
  /** Milliseconds from the due time to the first attempt; absent when none ran, and when a person retried the job. */
  readonly queueWaitMs?: number;
  readonly attempts: number;
  readonly userRef?: Ref;
}

export interface OutcomeReader {
  /** Outcomes that ended in `[start, end)`, in no particular order, read page by page. */
  between(start: Instant, end: Instant): AsyncIterable<OutcomeRow>;
}

export interface Archive {
  /** The tables that a backup holds, by logical name. */
  readonly tables: readonly string[];
  /** Items of one of `of` scan segments as DynamoDB JSON (`{"Item":{…}}`), page by page. */
  scan(table: string, segment: number, of: number): AsyncIterable<readonly string[]>;
  /** Writes one object under the backup bucket, encrypted with the stage's key. */
  put(key: string, body: Uint8Array, contentType: string, sha256Base64: string): Promise<void>;
}

/** What a reminder tells the outside world. No drug, no dose, no name. */
export interface ReminderMessage {
  readonly type: 'reminder.due';
  readonly occurrence_id: string;
  readonly user_ref: Ref;
  readonly user_id: string;
  readonly medication_id: string;
  readonly due_at: Instant;
  readonly local_time: string;
  readonly time_zone: string;
  readonly late: boolean;
  readonly possible_duplicate: boolean;
}

export interface Publisher {
  /** Publishes to the topic and to the event bus. Neither can deduplicate: the caller flags what may be a second one. */
  publishReminder(message: ReminderMessage): Promise<void>;
}

// ---- What an attempt may ask of the world ------------------------------------------------------------------------

export interface World {
  now(): Instant;
  readonly refs: Refs;
  readonly records: RecordReader;
  readonly outcomes: OutcomeReader;
  readonly archive: Archive;
  readonly publisher: Publisher;
  /**
   * Writes records before an effect outside the database, in one transaction that is conditional on this attempt's
   * fence. Throws `FenceLostError` when another attempt holds the job, `RetryableError('conflict')` when a record's
   * version has moved.
   */
  recordIntent(writes: readonly RecordWrite[]): Promise<void>;
}

/** A job to be made by another job. Its id is derived from the parent and `key`, so a repeated attempt makes no second. */
export interface ChildJob {
  readonly key: string;
  readonly kind: string;
  readonly payload: JsonObject;
  readonly priority?: Priority;
  readonly dueAt?: Instant;
  readonly expiresAt?: Instant;
  /** The patient whose data it carries; defaults to the parent's. */
  readonly userRef?: Ref;
}

/** How a child ended, as its parent sees it after `waiting`. */
export interface ChildOutcome {
  readonly jobId: string;
  readonly key: string;
  readonly status: string;
  readonly result?: JsonObject;
}

/** What an attempt counts beside its own end; the engine adds one to each metric of that name once it is committed. */
export type WorkCount =
  | 'reminders_published'
  | 'reminders_late'
  | 'reminders_possible_duplicate'
  | 'reminders_not_sent'
  | 'default_time_zone_used';

/** What an attempt hands back; everything in it is committed in one transaction, or nothing. */
export type Done =
  | {
      readonly end: 'succeeded';
      readonly result: JsonObject;
      /** One line for lists: codes, counts and times only, nothing that tells of a patient. */
      readonly summary: string;
      readonly writes?: readonly RecordWrite[];
      readonly children?: readonly ChildJob[];
      readonly counts?: readonly WorkCount[];
    }
  | { readonly end: 'waiting'; readonly children: readonly ChildJob[] }
  | {
      readonly end: 'expired' | 'superseded';
      readonly reason: string;
      readonly writes?: readonly RecordWrite[];
      readonly counts?: readonly WorkCount[];
    };

/** The job as an attempt sees it. */
export interface JobView<Payload> {
  readonly jobId: string;
  readonly payload: Payload;
  readonly attempt: number;
  readonly generation: number;
  readonly round: number;
  readonly createdAt: Instant;
  readonly dueAt: Instant;
  readonly expiresAt?: Instant;
  readonly userRef?: Ref;
  /** Filled in round 1. */
  readonly children: readonly ChildOutcome[];
}

import type { Reference } from '../clinical/reference/reference.ts';
import type { Problem } from '../errors/problem-error.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Priority } from '../lifecycle/priority.ts';
import type { Role } from '../lifecycle/role.ts';
import type { Archive, RestoreDrill } from './archive-ports.ts';
import type { EventReader } from './events.ts';
import type { Publisher } from './messages.ts';
import type { PastChecks, Recall } from './recall.ts';
import type { RecordKey, RecordReader, RecordVersion, RecordWrite, StoredRecord } from './record-access.ts';
import type { Json, JsonObject, MedicationBody, MedicationStatus, Ref } from './records.ts';
import type { SupplySettings } from './supply-settings.ts';
import type { TableExports } from './table-exports.ts';
import type { WorkCounts } from './work-counts.ts';

// What is known about a user has its own page; whoever needs ports needs it as well.
export type * from './archive-ports.ts';
export * from './event-rows.ts';
export * from './events.ts';
export type * from './messages.ts';
export type * from './recall.ts';
export type * from './record-access.ts';
export * from './records.ts';
export * from './stored-results.ts';
export * from './supply-settings.ts';
export type * from './table-exports.ts';

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
  /** What the work of a succeeded job adds to roll-ups: codes and counts of its kind. Stored sealed. */
  readonly facts?: JsonObject;
}

export interface OutcomeReader {
  /** Outcomes that ended in `[start, end)`, in no particular order, read page by page. */
  between(start: Instant, end: Instant): AsyncIterable<OutcomeRow>;
}

/** The names and rules by which interactions are checked. */
export interface ReferenceSource {
  /**
   * The built-in data with the deployment's pack on top, if it has one. An imported pack is seen after five minutes at
   * most; until then, and while a newer one cannot be used, the last good one answers.
   * @param since what stands at that instant or later is wanted, and nothing that stood before is a stand-in for it
   * @throws ReferencePackError when there is a pack that cannot be used, and none has been so far
   */
  current(since?: Instant): Promise<Reference>;
}

// ---- What an attempt may ask of the world ------------------------------------------------------------------------

/** What the deployer said, as far as attempts need it. */
export interface WorldSettings {
  /** IANA zone used when a user names none. */
  readonly defaultTimeZone?: string;
  /** Clock times by code of a frequency, for requests that name none; absent: the built-in ones. */
  readonly defaultTimes?: Readonly<Record<string, readonly string[]>>;
  /** Absent: `SUPPLY_DEFAULTS`. */
  readonly supply?: SupplySettings;
}

/** What an attempt does to a patient's records, for the audit trail: an action, codes, counts and ids only. */
export interface RecordEvidence {
  readonly action: 'medication.changed';
  readonly subjectRef: Ref;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** What kinds need that take requests for others: those requests judged as their own routes judge them. */
export interface Intake {
  /** A body of a kind's endpoint: held against the schema by the very validator of the endpoint. */
  readonly job: (kind: string, body: Json) => FormVerdict<JudgedBody>;
  /** A body of `PUT /users/{user_id}/medications/{medication_id}`: what it states, as the record keeps it. */
  readonly medication: (body: Json) => FormVerdict<StatedMedication>;
  /** The id of the job that this request becomes, whoever makes it: it follows from a keyed hash of the request alone. */
  readonly jobIdOf: (kind: string, request: JsonObject) => string;
  /** Those of the jobs that stand already. */
  readonly standing: (jobIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** How many more jobs that were asked for each of these patients may have open; without a limit nobody is told of. */
  readonly room: (owners: readonly Ref[]) => Promise<ReadonlyMap<Ref, number>>;
}

/** A body that has the form of its route, or what is wrong with it. */
export type FormVerdict<Read> =
  | ({ readonly ok: true } & Read)
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A body that fits its schema, bound to the business rules of its kind. */
export interface JudgedBody {
  /** The records that the rules look at; they are given in this order. */
  readonly factKeys: readonly RecordKey<'user' | 'medication' | 'schedule'>[];
  readonly rule: (facts: {
    readonly now: Instant;
    readonly records: readonly (StoredRecord<'user' | 'medication' | 'schedule'> | undefined)[];
    readonly role: Role;
  }) => FormVerdict<{
    readonly payload: JsonObject;
    readonly notes?: Readonly<Record<string, string>>;
  }>;
}

export interface StatedMedication {
  readonly facts: Partial<MedicationBody>;
  /** Absent: not stated. */
  readonly status?: MedicationStatus;
}

export interface World {
  now(): Instant;
  readonly refs: Refs;
  readonly records: RecordReader;
  readonly outcomes: OutcomeReader;
  readonly events: EventReader;
  readonly archive: Archive;
  /** Absent: full backups are made by a scan of our own. */
  readonly exports?: TableExports;
  readonly drill: RestoreDrill;
  readonly reference: ReferenceSource;
  readonly publisher: Publisher;
  readonly settings: WorldSettings;
  readonly intake: Intake;
  /** Results of interaction checks that stand, for a recall. */
  readonly pastChecks: PastChecks;
  /**
   * Writes records before an effect outside the database, in one transaction that is conditional on this attempt's
   * fence. Throws `FenceLostError` when another attempt holds the job, `RetryableError('conflict')` when a record's
   * version has moved.
   * @param evidence entries of the audit trail that are written with them, or not at all
   */
  recordIntent(writes: readonly RecordWrite[], evidence?: readonly RecordEvidence[]): Promise<void>;
  /** As `recordIntent`, and only if these other records stand as they were read: `conflict` when one of them has moved. */
  recordIntentWhile(writes: readonly RecordWrite[], unchanged: readonly RecordVersion[]): Promise<void>;
  /** Whether another job may still do something: it has not ended, or what was cancelled of it may not have noticed yet. */
  stillActs(jobId: string): Promise<boolean>;
}

/** A job to be made by another job. Its id is derived from the parent and `key`, so a repeated attempt makes no second. */
export interface ChildJob {
  readonly key: string;
  /** An id of its own, by which it is the same job whoever makes it: one that stands already is left as it is. */
  readonly jobId?: string;
  /** When what it carries out was accepted, if that was earlier: replacements go by it. */
  readonly acceptedAt?: Instant;
  /** For the audit entry of its acceptance: codes and ids only. */
  readonly notes?: Readonly<Record<string, string | number | boolean>>;
  readonly kind: string;
  readonly payload: JsonObject;
  readonly priority?: Priority;
  readonly dueAt?: Instant;
  readonly expiresAt?: Instant;
  /** The patient whose data it carries; defaults to the parent's. */
  readonly userRef?: Ref;
  /** It was asked for: it is one of that patient's open jobs until it has ended. */
  readonly counted?: boolean;
}

/** How a child ended, as its parent sees it after `waiting`. */
export interface ChildOutcome {
  readonly jobId: string;
  readonly key: string;
  readonly status: string;
  readonly result?: JsonObject;
}

export type { DrillRun } from './archive/drill-run.ts';
export type { WorkCounts } from './work-counts.ts';

/** What an attempt hands back; everything in it is committed in one transaction, or nothing. */
export type Done =
  | {
      readonly end: 'succeeded';
      readonly result: JsonObject;
      /** One line for lists: codes, counts and times only. Stored sealed, shown to who may see the whole result. */
      readonly summary: string;
      /** What roll-ups count of it: codes and counts only. */
      readonly facts?: JsonObject;
      /** By what the result is found again; written beside it. */
      readonly recall?: Recall;
      readonly writes?: readonly RecordWrite[];
      readonly children?: readonly ChildJob[];
      readonly counts?: WorkCounts;
    }
  | { readonly end: 'waiting'; readonly children: readonly ChildJob[] }
  | {
      readonly end: 'expired' | 'superseded';
      readonly reason: string;
      readonly writes?: readonly RecordWrite[];
      readonly counts?: WorkCounts;
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
  /** When another job ordered it; absent: somebody asked for it. */
  readonly orderedAt?: Instant;
  readonly userRef?: Ref;
  /** Of the request behind it: what the job leaves to be done later carries it on. */
  readonly correlationId: string;
  /** Filled in round 1. */
  readonly children: readonly ChildOutcome[];
}

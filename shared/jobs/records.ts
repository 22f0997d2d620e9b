import type { Instant } from '../lifecycle/instant.ts';

/** Plain JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Keyed hash that stands for a user or a medication wherever the id itself must not appear. */
export type Ref = string;

/** Owner of records that belong to no patient: roll-ups, backup catalogue. */
export const SYSTEM_OWNER: Ref = 'SYSTEM';

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

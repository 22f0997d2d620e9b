import type { EarlierUse } from '../clinical/earlier-use.ts';
import type { OrderVersion } from '../clinical/fhir/order-version.ts';
import type { Problem } from '../errors/problem-error.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Acknowledgement, DeliveryReport, OccurrenceBody, OccurrenceStatus } from './doses.ts';
import type { ErasureState } from './erasure.ts';
import type { CaregiverGrant, Preferences } from './preferences.ts';

export type * from './doses.ts';
export * from './erasure.ts';
export type * from './preferences.ts';

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
  /** The zone at home. */
  readonly timeZone?: string;
  /**
   * Who named it: the user's preferences, or only the first request of a reminder. Absent in older records: the preferences
   * if there are any, else that request. See `homeZoneSource`.
   */
  readonly timeZoneSource?: 'preferences' | 'first_request';
  readonly preferences?: Preferences;
  /** When a person last stated the preferences; absent in older records. */
  readonly statedAt?: Instant;
}

/** Who of clinicians and pharmacists may do what, by the patient's consent. */
export interface CareTeamBody {
  readonly userId: string;
  /** As caregivers' grants; `caregiverId` is the `sub` of the member's token. */
  readonly members: readonly CaregiverGrant[];
  /** When a person last stated it; absent in older records. */
  readonly statedAt?: Instant;
}

export interface SupplySnapshotBody {
  readonly medicationId: string;
  readonly supplyUnits: number;
  readonly takenAt: Instant;
  readonly result: JsonObject;
}

/** `paused`: the schedule goes on, and nothing is sent. */
export type MedicationStatus = 'active' | 'paused' | 'stopped';

/** What the last event about a medication's supply told, written before it leaves (`sending`) and once it has (`told`). */
export interface ToldSupply {
  readonly urgency: 'out' | 'now' | 'soon' | 'ok';
  readonly status: 'sending' | 'told';
  /** The same in each publish of one change, so that receivers can drop a second one. */
  readonly eventId: string;
  readonly at: Instant;
}

export interface MedicationBody {
  readonly userId: string;
  readonly medicationId: string;
  readonly lastSnapshot?: SupplySnapshotBody;
  readonly toldSupply?: ToldSupply;
  /** As a person wrote it; what it stands for is looked up each time, so that a better lexicon helps at once. */
  readonly name?: string;
  /** Concept of RxNorm. */
  readonly rxcui?: string;
  /** Units of one dose. */
  readonly doseUnits?: number;
  /** Local date of the last dispensing, and for how many days it was. */
  readonly lastFillDate?: string;
  readonly daysSupply?: number;
  readonly refillsLeft?: number;
  /** Local date of the prescription. */
  readonly issuedOn?: string;
  /** Schedule of the Controlled Substances Act. */
  readonly deaSchedule?: DeaSchedule;
  /** Days from the last fill after which what is left is thrown away. */
  readonly discardAfterDays?: number;
  readonly maxDosesPerDay?: number;
  /** Only heeded before its first schedule, which takes it over. */
  readonly earlierUse?: EarlierUse;
  /** The newest version of the FHIR order that an import has carried out. */
  readonly order?: OrderVersion;
  /** When a person last stated it; absent in older records. */
  readonly statedAt?: Instant;
}

export type DeaSchedule = 'II' | 'III' | 'IV' | 'V';

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
  /** Who named the zone; one that the request named is nobody else's to change. Absent in older records: the request. */
  readonly timeZoneSource?: 'request' | 'user' | 'default';
  /** Where the clock was since, for schedules whose zone follows the user's. */
  readonly stays?: readonly { readonly since: Instant; readonly timeZone: string }[];
  readonly startDate: string;
  /** `default`: nobody named it, the schedule begins with its acceptance. */
  readonly startDateSource?: 'default';
  /** Last local date with a dose; absent: no end. */
  readonly endDate?: string;
  /** ISO numbers of weekdays (1 is Monday), for frequencies that count within a week. */
  readonly weekdays?: readonly number[];
  /** Days with and without doses, in turn, from the start date. */
  readonly cycle?: { readonly daysOn: number; readonly daysOff: number };
  /** What a monthly dose does in a month without its day; absent: `clamp` to the last day. */
  readonly monthRule?: 'clamp' | 'skip';
  /** As the request wrote it. */
  readonly medicationName?: string;
  /** Units of one dose. */
  readonly doseUnits?: number;
  /** Only for doses as needed, which have no due times. */
  readonly maxDosesPerDay?: number;
  /** Reminders after the first one while nobody has answered. */
  readonly followUp?: { readonly count: number; readonly everyMinutes: number };
  /** Minutes after a dose was told when the caregiver is told of it, if nobody has answered. */
  readonly escalateAfterMinutes?: number;
  /** Minutes after the due time in which a dose may still be told; absent: half the interval as prescribed, at most 12 hours. */
  readonly lateWindowMinutes?: number;
  readonly critical?: boolean;
  readonly tzdataVersion: string;
  /** Absent: the medication was not used otherwise since the last count, or the record is older than this member. */
  readonly earlierUse?: EarlierUse;
}

/** One line of an import as it waits for its job: what it asks for, or why that could not be read. */
export interface ImportLineBody {
  readonly request?: JsonObject;
  /** Of an order of FHIR. */
  readonly version?: OrderVersion;
  readonly problems?: readonly Problem[];
  /** What of the line could not be carried over and is left out. */
  readonly warnings?: readonly Problem[];
}

export interface RecordShapes {
  /** One per user; id is empty. */
  user: { state: Record<never, never>; body: UserBody };
  /** One per user; id is empty. */
  careTeam: { state: Record<never, never>; body: CareTeamBody };
  /** id: the medication's ref. */
  medication: {
    state: {
      status: MedicationStatus;
      /** Of a stopped one: no reminder job that was accepted before starts it again. */
      stoppedAt?: Instant;
    };
    body: MedicationBody;
  };
  /** id: the medication's ref. A change of an active schedule's `nextDueAt` also enters it in the due buckets. */
  schedule: {
    state: {
      status: 'active' | 'stopped';
      nextDueAt: Instant | null;
      /** Acceptance time of the job that wrote it: orders replacements. */
      acceptedAt: Instant;
      /** Of the request that asked for it; its doses carry it on. Absent: it was written by a version that did not keep it. */
      correlationId?: string;
      /** Raised when a job replaces the schedule; unlike the version it stays when the tick advances it. */
      revision: number;
      /**
       * The first revision that asks for the same doses as this one: it was only sent once more, or the clock has changed.
       * Absent: this one.
       */
      sameSince?: number;
      /** When its doses last came to lie elsewhere, by which revision, and why; absent: never since that is kept. */
      moved?: {
        readonly at: Instant;
        readonly revision: number;
        readonly by: 'replacement' | 'zone_change';
      };
    };
    body: ScheduleBody;
  };
  /** id: `<local date>_<slot>_<medication ref>`, made by `occurrenceId`. */
  occurrence: {
    state: {
      status: OccurrenceStatus;
      dueAt: Instant;
      scheduleRevision: number;
      /** Why it was not sent, or is held. */
      reason: string | null;
      /** End of its window; absent in records that were written before it was kept. */
      expiresAt?: Instant;
      acknowledgement?: Acknowledgement;
      /** When to tell it again; only while `snoozed`. */
      snoozedUntil?: Instant;
      /** Only in records that were written before it stood in the body. */
      delivery?: DeliveryReport;
      /** When its first message left, and whether that was late; absent in records that were written before it was kept. */
      told?: { readonly at: Instant; readonly late: boolean };
      /** By name the messages that are about to leave, or have left and are not recorded yet, each with the attempt that tells it. */
      telling?: Readonly<Record<string, string>>;
      /** When a caregiver was told of it: once. */
      escalatedAt?: Instant;
      /** When a person was asked whether it is to be told: once, however often it is held. */
      askedAt?: Instant;
    };
    body: OccurrenceBody;
  };
  /** id: `<medication ref>#<taken at>#<job id>`; immutable. */
  snapshot: { state: Record<never, never>; body: SupplySnapshotBody };
  /** id: `<import id>#<line>`; under the line's own user, so that erasing the user erases it. */
  'import-line': { state: { acceptedAt: Instant }; body: ImportLineBody };
  /** What was decided about erasing a user, and whether the law forbids it; one per user, id is empty. */
  erasure: { state: ErasureState; body: { readonly userId: string } };
  /** That a user was erased, for ever; one per user, id is empty. Nothing is sealed for them any more, so it has no body. */
  erased: { state: { at: Instant }; body: Readonly<Record<string, never>> };
  /** id: `<granularity>#<start>`; owner is SYSTEM. */
  rollup: { state: { revision: number }; body: JsonObject };
  /** id: `<started at>#<job id>`; owner is SYSTEM. */
  backup: {
    /** `running` and `free` are of the lock; `until`: what changed later is not in it; `backupId`: which one ended last. */
    state: { status: 'completed' | 'failed' | 'running' | 'free'; until?: Instant; backupId?: string };
    body: JsonObject;
  };
}

import { advanceSchedule, firstDueAt, type RemindedSchedule } from './advance-schedule.ts';
import { type DueOccurrence, occurrenceId } from './due-occurrence.ts';
import { occurrencesBetween } from './occurrences.ts';
import type { Schedule } from './schedule.ts';
import {
  countsAsTold,
  earlierEnd,
  isOpenDose,
  LONGEST_REACH_HOURS,
  type SpacingCause,
  type StandingDose,
  spacing,
  spacingHours,
} from './spacing.ts';
import { presentZone } from './stays.ts';

export interface ReplacementInput {
  /** The schedule from now on. */
  readonly schedule: RemindedSchedule;
  readonly medicationRef: string;
  /** What stands of the medication's doses within `replacementReach` of now. */
  readonly standing: readonly StandingDose[];
  readonly cause: SpacingCause;
  /** Doses due before this moment do not belong to the schedule, but for those that stand open and are also its own. */
  readonly validFrom: string;
  readonly now: string;
}

export interface WithheldDose {
  readonly dose: DueOccurrence;
  /** The dose that lies too close. */
  readonly near: StandingDose;
}

/** What becomes of the doses that lie near when a schedule takes the place of another. No dose is in two lists. */
export interface Replacement {
  /** To be made now, each with a delivery. */
  readonly due: readonly DueOccurrence[];
  /** Found after their window: recorded as not sent. */
  readonly tooLate: readonly DueOccurrence[];
  /** Recorded as not sent: too close to a dose that was told or taken. */
  readonly tooClose: readonly WithheldDose[];
  /** Recorded as held until a person confirms them. */
  readonly held: readonly WithheldDose[];
  /** Told or answered under the schedule before: left as they are. */
  readonly told: readonly DueOccurrence[];
  /** Of doses that were told and wait for an answer those that the next dose now ends sooner. */
  readonly ends: readonly { readonly id: string; readonly expiresAt: string }[];
  /** Ids of open doses of the schedule before that are none of this one: to be closed. */
  readonly closed: readonly string[];
  /** The first dose that a tick is to look at; `null` when there is none. */
  readonly nextDueAt: string | null;
}

const HOUR_MS = 3_600_000;
/** The longest window of a dose: what was due longer ago cannot be open any more. */
const LONGEST_WINDOW_HOURS = 12;
/** Of hourly doses those of a month: a schedule with fewer has fewer within its reach. */
const MOST_AHEAD = 31 * 24;

/**
 * How many hours before and after now the doses that stand matter for a replacement: as far as one schedule or the other
 * keeps doses apart, and at least as long as a dose may stay open.
 */
export const replacementReach = (...schedules: readonly Schedule[]): number =>
  Math.min(Math.max(LONGEST_WINDOW_HOURS, ...schedules.map(spacingHours)), LONGEST_REACH_HOURS);

/**
 * Decides what becomes of each dose near the moment at which a schedule takes the place of another. Nothing is told twice
 * or too close to what was told, nothing of the schedule before stays open, and what was open and is due under both goes on
 * under the new one. Pure.
 */
export function planReplacement(input: ReplacementInput): Replacement {
  const { cause, schedule, medicationRef, now, validFrom } = input;
  const hours = spacingHours(schedule);
  const before = openBefore(input).map((dose) => ({
    dose,
    ...spacing({ dose, standing: input.standing, hours, cause }),
  }));
  const goesOn = new Set(before.flatMap(({ dose, verdict }) => (verdict === 'send' ? [dose.id] : [])));
  // What goes on is as good as told: of it and a dose by the new clock the later one is held.
  const standing = input.standing.map((dose) =>
    goesOn.has(dose.id) ? { ...dose, status: 'sending' as const } : dose,
  );
  const judge = (dose: DueOccurrence) => spacing({ dose, standing, hours, cause });
  const soon = advanceSchedule({
    schedule,
    medicationRef,
    now,
    nextDueAt: firstDueAt(schedule, validFrom, now),
  });
  const ahead = advanceSchedule({
    schedule,
    medicationRef,
    now,
    nextDueAt: soon.nextDueAt,
    horizonSeconds: secondsUntil(now, lastOf(standing, hours)),
    limit: MOST_AHEAD + 1,
  });
  const judged = [...before, ...[...soon.due, ...ahead.due].map((dose) => ({ dose, ...judge(dose) }))];
  const of = <V extends string>(verdict: V) =>
    judged.flatMap((one) => (one.verdict === verdict ? [one] : []));
  const withheld = (verdict: 'too_close' | 'needs_confirmation') =>
    judged.flatMap((one) => (one.verdict === verdict ? [{ dose: one.dose, near: one.near }] : []));
  const isStanding = new Set(standing.map(({ id }) => id));
  const toTell = [...of('send').map(({ dose }) => dose.dueAt), ...(ahead.nextDueAt ? [ahead.nextDueAt] : [])];
  const own = new Set([...judged.map(({ dose }) => dose.id), ...soon.notSent.map(({ id }) => id)]);
  return {
    // A tick makes what lies further ahead, but passes over what stands already.
    due: of('send')
      .map(({ dose }) => dose)
      .filter((dose) => !ahead.due.includes(dose) || isStanding.has(dose.id)),
    tooLate: soon.notSent.filter((dose) => judge(dose).verdict !== 'told'),
    tooClose: withheld('too_close'),
    held: withheld('needs_confirmation'),
    told: of('told').map(({ dose }) => dose),
    ends: standing.flatMap((dose) => {
      const [next] = toTell.filter((dueAt) => dueAt > dose.dueAt).toSorted();
      const expiresAt = next === undefined || goesOn.has(dose.id) ? undefined : earlierEnd(dose, next);
      return expiresAt === undefined ? [] : [{ id: dose.id, expiresAt }];
    }),
    closed: input.standing.filter((dose) => isOpenDose(dose) && !own.has(dose.id)).map(({ id }) => id),
    nextDueAt: soon.nextDueAt,
  };
}

/** Until then a dose may lie too close to one that was told, or stand already. */
function lastOf(standing: readonly StandingDose[], hours: number): number {
  const moments = standing.map((dose) => {
    const last = Math.max(Date.parse(dose.dueAt), Date.parse(dose.takenAt ?? dose.dueAt));
    return countsAsTold(dose) ? last + hours * HOUR_MS : last;
  });
  return Math.max(-Infinity, ...moments);
}

const secondsUntil = (now: string, ms: number): number => Math.max(0, (ms - Date.parse(now)) / 1000);

/**
 * Doses that were due before the new schedule begins, are not told yet, and are due under it at the same moment. One that
 * waits for a person's word has to be due by the clock that holds from now on: nobody is asked about the doses of a stay
 * that is over.
 */
function openBefore({
  medicationRef,
  now,
  schedule,
  standing,
  validFrom,
}: ReplacementInput): DueOccurrence[] {
  const open = standing.filter((dose) => isOpenDose(dose) && dose.dueAt < validFrom);
  if (open.length === 0) return [];
  const earliest = new Date(Date.parse(now) - LONGEST_WINDOW_HOURS * HOUR_MS).toISOString();
  const dosesOf = (read: Schedule) =>
    occurrencesBetween(read, earliest, validFrom).map((one) => ({
      id: occurrenceId(one, medicationRef),
      dueAt: one.dueAt,
    }));
  const byItsClocks = dosesOf(schedule);
  const byItsPresentClock = dosesOf(inPresentZone(schedule, earliest));
  const same = open.filter((dose) =>
    (dose.status === 'scheduled' ? byItsClocks : byItsPresentClock).some(
      ({ id, dueAt }) => id === dose.id && dueAt === dose.dueAt,
    ),
  );
  return same.flatMap(({ dueAt, id }) =>
    advanceSchedule({ schedule, medicationRef, now, nextDueAt: dueAt, horizonSeconds: 0 }).due.filter(
      (dose) => dose.id === id,
    ),
  );
}

/** As if the zone that holds now had held since then; ids keep their form. */
const inPresentZone = (schedule: Schedule, since: string): Schedule =>
  schedule.stays ? { ...schedule, stays: [{ since, timeZone: presentZone(schedule) }] } : schedule;

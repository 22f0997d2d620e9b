import { Temporal } from 'temporal-polyfill';
import { type DueOccurrence, dueOccurrence } from './due-occurrence.ts';
import { occurrencesFrom } from './occurrences.ts';
import type { Occurrence, Schedule } from './schedule.ts';

/**
 * How far ahead occurrences are made, in seconds. A due bucket of one minute is read once, five minutes ahead. Whoever
 * writes a schedule decides some time before the write can be seen; eight minutes are the look-ahead, the bucket's own
 * minute, and two more for a slow write, so that what is not made at once is still found by a tick.
 */
export const MATERIALISE_AHEAD_SECONDS = 480;

/** A dose is told at most this long after its due time, however long the interval. */
export const LONGEST_LATE_WINDOW_SECONDS = 12 * 3600;

const MOST_AT_ONCE = 50;

/** A schedule with what it says about telling its doses. */
export interface RemindedSchedule extends Schedule {
  /** Minutes after the due time in which a dose may still be told; absent: see `expiryOf`. */
  readonly lateWindowMinutes?: number;
  /** A dose that must not be missed. */
  readonly critical?: boolean;
}

export interface AdvanceInput {
  readonly schedule: RemindedSchedule;
  /** Where the schedule stands: its first occurrence that has not been made. `null`: it has ended. */
  readonly nextDueAt: string | null;
  readonly now: string;
  readonly medicationRef: string;
  /** Seconds from now up to which occurrences are made; `MATERIALISE_AHEAD_SECONDS` unless given. */
  readonly horizonSeconds?: number;
  /** The most occurrences answered at once, so that they fit one transaction; 50 unless given. */
  readonly limit?: number;
}

export interface Advance {
  /** To be made now, each with a delivery. */
  readonly due: readonly DueOccurrence[];
  /** Found when their window had already passed: to be recorded as not sent. */
  readonly notSent: readonly DueOccurrence[];
  /** The first occurrence that is not among them; `null` when there is none. */
  readonly nextDueAt: string | null;
  /** False when `limit` was reached: advance again from the new `nextDueAt`. */
  readonly complete: boolean;
}

/**
 * Moves a schedule on: every occurrence from `nextDueAt` up to the horizon is answered exactly once, and the new
 * `nextDueAt` is the one after them. Pure: the same input gives the same ids.
 */
export function advanceSchedule(input: AdvanceInput): Advance {
  if (input.nextDueAt === null) return { due: [], notSent: [], nextDueAt: null, complete: true };
  const now = msOf(input.now);
  const until = now + (input.horizonSeconds ?? MATERIALISE_AHEAD_SECONDS) * 1000;
  const limit = input.limit ?? MOST_AT_ONCE;
  const due: DueOccurrence[] = [];
  const notSent: DueOccurrence[] = [];
  let current: Occurrence | undefined;
  for (const next of occurrencesFrom(input.schedule, input.nextDueAt)) {
    if (current) place(current, next.dueAt);
    const complete = msOf(next.dueAt) > until;
    if (complete || due.length + notSent.length >= limit) {
      return { due, notSent, nextDueAt: next.dueAt, complete };
    }
    current = next;
  }
  if (current) place(current, undefined);
  return { due, notSent, nextDueAt: null, complete: true };

  function place(occurrence: Occurrence, nextDueAt: string | undefined): void {
    const expiresAt = expiryOf(input.schedule, occurrence.dueAt, nextDueAt);
    const made = dueOccurrence(occurrence, input.medicationRef, expiresAt);
    (msOf(expiresAt) <= now ? notSent : due).push(made);
  }
}

/**
 * Where a schedule begins that is valid from `validFrom`: its first due time from then on, `null` when there is none.
 * One that is stored late begins no earlier than the longest window before `now`: what lies before could only be
 * recorded as not sent, and was never promised.
 */
export function firstDueAt(schedule: Schedule, validFrom: string, now: string): string | null {
  const earliest = Math.max(msOf(validFrom), msOf(now) - LONGEST_LATE_WINDOW_SECONDS * 1000);
  const from = Temporal.Instant.fromEpochMilliseconds(earliest).toString();
  for (const occurrence of occurrencesFrom(schedule, from)) return occurrence.dueAt;
  return null;
}

/**
 * When a dose is no longer told: at the end of its late window, and at the latest when the next dose is due. The window
 * is the schedule's own, or half the nominal interval between doses, at most 12 hours; a single dose takes the 12 hours.
 */
function expiryOf(schedule: RemindedSchedule, dueAt: string, nextDueAt: string | undefined): string {
  const due = msOf(dueAt);
  const windowMs =
    schedule.lateWindowMinutes === undefined
      ? Math.min(nominalIntervalMs(schedule) / 2, LONGEST_LATE_WINDOW_SECONDS * 1000)
      : schedule.lateWindowMinutes * 60_000;
  const end = Math.min(due + windowMs, nextDueAt === undefined ? Infinity : msOf(nextDueAt));
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(end)).toString({ fractionalSecondDigits: 3 });
}

/** As prescribed, whatever the clock does: 24 hours divided by the doses of a day, or the hours of an elapsed interval. */
const nominalIntervalMs = ({ times, intervalHours }: Schedule): number =>
  (times.length === 0 ? (intervalHours ?? 24) : 24 / times.length) * 3_600_000;

const msOf = (instant: string): number => Temporal.Instant.from(instant).epochMilliseconds;

import { Temporal } from 'temporal-polyfill';
import { occurrencesBetween, occurrencesFrom } from './occurrences.ts';
import type { Occurrence, Schedule } from './schedule.ts';

/** A dose that was made under earlier zone data, as stored. */
export interface MadeOccurrence {
  readonly id: string;
  readonly dueAt: string;
  readonly localDate: string;
  readonly slots: readonly string[];
}

export interface ZoneDataQuestion {
  readonly schedule: Schedule;
  /** Version of the zone data that the schedule was computed with, as stored in its record. */
  readonly storedVersion: string;
  /** Version of the zone data of this runtime: `tzdataVersion()`. */
  readonly currentVersion: string;
  readonly now: string;
  /** Where the schedule stands: its first occurrence that has not been made; `null` when it has ended. */
  readonly nextDueAt: string | null;
  /** What is made and still ahead. What lies before `now` happened and is not recomputed. */
  readonly made: readonly MadeOccurrence[];
}

export type ZoneDataAnswer =
  | { readonly recompute: false }
  | {
      readonly recompute: true;
      /** The first occurrence, by the new data, that is neither past nor made. */
      readonly nextDueAt: string | null;
      /** Made occurrences whose moment is another one now. */
      readonly moved: readonly { readonly id: string; readonly from: string; readonly to: string }[];
      /** Made occurrences that the new data does not have. */
      readonly gone: readonly string[];
    };

const DAY_MS = 86_400_000;

/**
 * Tells whether what is stored of a schedule's future must be recomputed because the zone data has changed (the
 * versions differ), and which of its made occurrences move. A dose is the same one when local date and slot are.
 */
export function afterZoneDataChange(question: ZoneDataQuestion): ZoneDataAnswer {
  const { schedule, storedVersion, currentVersion, now, made } = question;
  if (storedVersion === currentVersion) return { recompute: false };
  const ahead = made.filter(({ dueAt }) => msOf(dueAt) > msOf(now));
  const again = recomputed(schedule, now, ahead);
  const moved: { id: string; from: string; to: string }[] = [];
  const gone: string[] = [];
  for (const one of ahead) {
    const same = again.find((other) => isSame(one, other));
    if (!same) gone.push(one.id);
    else if (msOf(same.dueAt) !== msOf(one.dueAt))
      moved.push({ id: one.id, from: one.dueAt, to: same.dueAt });
  }
  const nextDueAt = question.nextDueAt === null ? null : nextUnmade(schedule, now, made);
  return { recompute: true, nextDueAt, moved, gone };
}

const msOf = (instant: string): number => Temporal.Instant.from(instant).epochMilliseconds;

const isSame = (a: MadeOccurrence, b: Occurrence): boolean =>
  a.localDate === b.localDate && a.slots.some((slot) => b.slots.includes(slot));

/** Zones have moved by up to a day at once (over the date line), so a day more on both sides is looked at. */
function recomputed(schedule: Schedule, now: string, ahead: readonly MadeOccurrence[]): Occurrence[] {
  const last = Math.max(msOf(now), ...ahead.map(({ dueAt }) => msOf(dueAt)));
  const instant = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toString();
  return occurrencesBetween(schedule, instant(msOf(now) - DAY_MS), instant(last + DAY_MS));
}

function nextUnmade(schedule: Schedule, now: string, made: readonly MadeOccurrence[]): string | null {
  for (const occurrence of occurrencesFrom(schedule, now)) {
    if (msOf(occurrence.dueAt) > msOf(now) && !made.some((one) => isSame(one, occurrence)))
      return occurrence.dueAt;
  }
  return null;
}

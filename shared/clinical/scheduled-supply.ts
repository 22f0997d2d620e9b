import { Temporal } from 'temporal-polyfill';
import { ratio, wholeQuotient } from './decimal.ts';
import { dueDates } from './due-dates.ts';
import { nextOccurrences, occurrencesBetween } from './occurrences.ts';
import type { Occurrence, Schedule } from './schedule.ts';

/** No run-out date is looked for further ahead than this many due dates, or days of elapsed hours. */
const MOST_DUE_DATES = 3660;
const MOST_HOURS = MOST_DUE_DATES * 24;

/** Doses at fixed times or intervals, unlike those as needed. */
export const hasFixedDoses = (schedule: Schedule): boolean =>
  schedule.times.length > 0 || (schedule.intervalHours !== undefined && schedule.anchor !== undefined);

export interface ScheduledSupply {
  /** Units on hand at `at`. */
  readonly supplyUnits: number;
  readonly unitsPerDose: number;
  /** The moment from which doses are counted: those due before count as taken. */
  readonly at: string;
}

/**
 * The first local date for which a supply has nothing left: that of the first dose without units. Clock times, due
 * dates, intervals and changes of the clock are those of the schedule. `null` when the schedule ends before the
 * supply does, or when that date lies more than ten years of doses ahead.
 * @throws RangeError when a quantity is negative, not finite, or a dose uses nothing
 */
export function firstUncoveredOn(
  schedule: Schedule,
  { supplyUnits, unitsPerDose, at }: ScheduledSupply,
): string | null {
  const today = Temporal.Instant.from(at).toZonedDateTimeISO(schedule.timeZone).toPlainDate();
  const doses = wholeQuotient(ratio(supplyUnits), ratio(unitsPerDose));
  return schedule.times.length === 0
    ? uncoveredElapsed(schedule, doses, at)
    : uncoveredDate(schedule, doses, at, today);
}

const justAfter = (instant: string): string =>
  Temporal.Instant.from(instant).add({ milliseconds: 1 }).toString();

const countSlots = (sum: number, occurrence: Occurrence): number => sum + occurrence.slots.length;

function uncoveredElapsed(schedule: Schedule, doses: number, at: string): string | null {
  const hours = schedule.intervalHours ?? 1;
  if (doses * hours > MOST_HOURS) return null;
  const [first] = nextOccurrences(schedule, at, 1);
  if (!first) return null;
  // Straight to the dose after the last covered one: intervals are counted in hours, so no date needs a visit.
  const from = Temporal.Instant.from(first.dueAt)
    .add({ hours: doses * hours })
    .subtract({ milliseconds: 1 });
  return nextOccurrences(schedule, from.toString(), 1)[0]?.localDate ?? null;
}

function uncoveredDate(
  schedule: Schedule,
  doses: number,
  at: string,
  today: Temporal.PlainDate,
): string | null {
  const tomorrow = today.add({ days: 1 });
  // Due dates and slots, not instants: two slots that meet in a gap are still two doses.
  // Some hours more, for a late slot that a gap moves past midnight.
  const end = tomorrow.toZonedDateTime(schedule.timeZone).add({ hours: 3 }).toInstant().toString();
  const leftToday = occurrencesBetween(schedule, justAfter(at), end)
    .filter((occurrence) => occurrence.localDate === today.toString())
    .reduce(countSlots, 0);
  if (doses < leftToday) return today.toString();
  const covered = Math.floor((doses - leftToday) / schedule.times.length);
  if (covered >= MOST_DUE_DATES) return null;
  let dates = 0;
  for (const date of dueDates(schedule, tomorrow)) {
    if (dates === covered) return date.toString();
    dates += 1;
  }
  return null;
}

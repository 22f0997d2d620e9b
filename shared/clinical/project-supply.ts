import { Temporal } from 'temporal-polyfill';
import { daysOfSupply, dosesPerDay } from './days-of-supply.ts';
import { lessAtLeastZero, numberOf, ratio, times, wholeQuotient } from './decimal.ts';
import { dosesDue } from './doses-due.ts';
import { dueDates } from './due-dates.ts';
import { nextOccurrences, occurrencesBetween } from './occurrences.ts';
import { orderBy } from './order-by.ts';
import type { Occurrence, Schedule } from './schedule.ts';

/** Days for an order to arrive, and days kept in hand besides. */
export const SUPPLY_DEFAULTS = { leadTimeDays: 5, safetyDays: 2, soonDays: 7 } as const;

/** No run-out date is looked for further ahead than this many due dates, or days of elapsed hours. */
const MOST_DUE_DATES = 3660;
const MOST_HOURS = MOST_DUE_DATES * 24;

export type Urgency = 'out' | 'now' | 'soon' | 'ok';

export interface SupplyProjection {
  /** Local date of the zone. */
  readonly today: string;
  /** Whole days at the schedule's average use. */
  readonly daysOfSupply: number;
  readonly lastCoveredDate: string | null;
  /** `null` when the schedule ends before the supply does, or when it lies more than ten years of doses ahead. */
  readonly firstUncoveredDate: string | null;
  readonly orderByDate: string | null;
  /** `out`: not enough for today; `now`: the order-by date has come; `soon`: it comes within 7 days. */
  readonly urgency: Urgency;
}

export interface SupplyInput {
  readonly schedule: Schedule;
  /** Units on hand at `at`. */
  readonly supplyUnits: number;
  readonly unitsPerDose: number;
  /** The moment from which doses are counted: those due before count as taken. */
  readonly at: string;
}

/**
 * How far a supply reaches on a schedule: the first date that is not covered is the local date of the first dose for
 * which nothing is left. Clock times, due dates, intervals and changes of the clock are those of the schedule.
 * @throws RangeError when a quantity is negative, not finite, or a dose uses nothing
 */
export function projectSupply({ schedule, supplyUnits, unitsPerDose, at }: SupplyInput): SupplyProjection {
  const today = Temporal.Instant.from(at).toZonedDateTimeISO(schedule.timeZone).toPlainDate();
  const doses = wholeQuotient(ratio(supplyUnits), ratio(unitsPerDose));
  const firstUncoveredDate =
    schedule.times.length === 0
      ? uncoveredElapsed(schedule, doses, at)
      : uncoveredDate(schedule, doses, at, today);
  return {
    today: today.toString(),
    daysOfSupply: daysOfSupply(supplyUnits, unitsPerDose, dosesPerDay(schedule)),
    lastCoveredDate: lastCovered(firstUncoveredDate, today, schedule.endDate),
    firstUncoveredDate,
    ...urgencyOf(firstUncoveredDate, today),
  };
}

/**
 * What is left at `until` of a supply counted at `from`: every dose due after `from`, up to and with `until`, counts
 * as taken. Never below 0; a dose with two slots uses two.
 */
export function unitsOnHand(
  schedule: Schedule,
  counted: { readonly supplyUnits: number; readonly unitsPerDose: number; readonly at: string },
  until: string,
): number {
  const { supplyUnits, unitsPerDose, at } = counted;
  const used = times(ratio(dosesDue(schedule, at, until)), ratio(unitsPerDose));
  return numberOf(lessAtLeastZero(ratio(supplyUnits), used));
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

function lastCovered(
  first: string | null,
  today: Temporal.PlainDate,
  endDate: string | undefined,
): string | null {
  if (first === null) return endDate ?? null;
  const last = Temporal.PlainDate.from(first).subtract({ days: 1 });
  return Temporal.PlainDate.compare(last, today) < 0 ? null : last.toString();
}

function urgencyOf(
  first: string | null,
  today: Temporal.PlainDate,
): Pick<SupplyProjection, 'orderByDate' | 'urgency'> {
  if (first === null) return { orderByDate: null, urgency: 'ok' };
  const { order_by } = orderBy({
    today: today.toString(),
    first_uncovered_date: first,
    lead_time_days: SUPPLY_DEFAULTS.leadTimeDays,
    safety_days: SUPPLY_DEFAULTS.safetyDays,
    closed_weekdays: [],
    holidays: [],
  });
  if (first <= today.toString()) return { orderByDate: order_by, urgency: 'out' };
  if (order_by <= today.toString()) return { orderByDate: order_by, urgency: 'now' };
  const soon = today.add({ days: SUPPLY_DEFAULTS.soonDays }).toString();
  return { orderByDate: order_by, urgency: order_by <= soon ? 'soon' : 'ok' };
}

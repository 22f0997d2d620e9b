import { Temporal } from 'temporal-polyfill';
import { isLess, lessAtLeastZero, numberOf, ratio, times, wholeQuotient } from './decimal.ts';

export interface RunOutInput {
  /** Local date. */
  readonly today: string;
  readonly current_supply: number | string;
  readonly units_per_dose: number | string;
  readonly doses_per_day: number | string;
  /** Doses of today that need no unit any more. */
  readonly doses_taken_today: number | string;
  /** The package is thrown away so many days after it was opened, whatever is left in it. */
  readonly discard_after_days?: number;
  /** Local date of the opening: day 0 of `discard_after_days`. Absent: today. */
  readonly opened_on?: string;
}

export interface RunOut {
  /** Last local date all of whose doses can be taken; `null` when that is not even so today. */
  readonly last_fully_covered_date: string | null;
  /** First local date whose doses cannot all be taken. */
  readonly first_uncovered_date: string;
  readonly units_left_over: number;
  /** What ends the supply; only told when there is a `discard_after_days`. */
  readonly limited_by?: 'supply' | 'discard';
}

/** The supply lasts longer than a calendar should be asked for. */
const MOST_DAYS = 3_652_500;

/**
 * How far a supply reaches at an even use per day. Doses already taken today are not needed again. A package that is
 * to be discarded covers the day of its opening and those after it, `discard_after_days` in all.
 * @throws RangeError when a value is negative, not finite, nothing is used, or the supply lasts over 10,000 years
 */
export function runOut(input: RunOutInput): RunOut {
  const today = Temporal.PlainDate.from(input.today);
  const unitsPerDay = times(ratio(input.units_per_dose), ratio(input.doses_per_day));
  const taken = times(ratio(input.units_per_dose), ratio(input.doses_taken_today));
  const neededToday = lessAtLeastZero(unitsPerDay, taken);
  const supply = ratio(input.current_supply);
  const rest = lessAtLeastZero(supply, neededToday);
  /** Days that are covered, today included. */
  const bySupply = isLess(supply, neededToday) ? 0 : 1 + wholeQuotient(rest, unitsPerDay);
  if (bySupply > MOST_DAYS)
    throw new RangeError('The supply lasts longer than 10,000 years: check `current_supply`.');
  const byDiscard = daysUntilDiscard(input, today);
  // A day whose doses are all taken is covered, also when the package was to be discarded before it.
  const days = Math.min(bySupply, Math.max(byDiscard, neededToday.numerator.eq(0) ? 1 : 0));
  const used = days === 0 ? ratio(0) : times(unitsPerDay, ratio(days - 1));
  return {
    last_fully_covered_date: days === 0 ? null : today.add({ days: days - 1 }).toString(),
    first_uncovered_date: today.add({ days }).toString(),
    units_left_over: numberOf(days === 0 ? supply : lessAtLeastZero(rest, used)),
    ...(input.discard_after_days !== undefined && { limited_by: days < bySupply ? 'discard' : 'supply' }),
  };
}

function daysUntilDiscard(input: RunOutInput, today: Temporal.PlainDate): number {
  if (input.discard_after_days === undefined) return Infinity;
  const opened = Temporal.PlainDate.from(input.opened_on ?? input.today);
  const discarded = opened.add({ days: input.discard_after_days });
  return Math.max(0, today.until(discarded, { largestUnit: 'day' }).days);
}

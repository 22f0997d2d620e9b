import { Temporal } from 'temporal-polyfill';
import { isLess, lessAtLeastZero, numberOf, ratio, times, wholeQuotient } from './decimal.ts';

export interface RunOutInput {
  /** Local date. */
  readonly today: string;
  readonly current_supply: number;
  readonly units_per_dose: number;
  readonly doses_per_day: number | string;
  /** Doses of today that need no unit any more. */
  readonly doses_taken_today: number;
}

export interface RunOut {
  /** Last local date all of whose doses can be taken; `null` when that is not even so today. */
  readonly last_fully_covered_date: string | null;
  /** First local date whose doses cannot all be taken. */
  readonly first_uncovered_date: string;
  readonly units_left_over: number;
}

/**
 * How far a supply reaches at an even use per day. Doses already taken today are not needed again.
 * @throws RangeError when a value is negative, not finite, or nothing is used
 */
export function runOut(input: RunOutInput): RunOut {
  const supply = ratio(input.current_supply);
  const unitsPerDay = times(ratio(input.units_per_dose), ratio(input.doses_per_day));
  const taken = times(ratio(input.units_per_dose), ratio(input.doses_taken_today));
  const neededToday = lessAtLeastZero(unitsPerDay, taken);
  const today = Temporal.PlainDate.from(input.today);
  if (isLess(supply, neededToday)) {
    return {
      last_fully_covered_date: null,
      first_uncovered_date: today.toString(),
      units_left_over: numberOf(supply),
    };
  }
  const rest = lessAtLeastZero(supply, neededToday);
  const days = wholeQuotient(rest, unitsPerDay);
  const last = today.add({ days });
  return {
    last_fully_covered_date: last.toString(),
    first_uncovered_date: last.add({ days: 1 }).toString(),
    units_left_over: numberOf(lessAtLeastZero(rest, times(unitsPerDay, ratio(days)))),
  };
}

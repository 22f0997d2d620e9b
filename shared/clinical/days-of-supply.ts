import { ratio, times, wholeQuotient } from './decimal.ts';
import { frequencyOfCode } from './frequency.ts';
import type { Schedule } from './schedule.ts';

/**
 * Whole days that a quantity lasts: floor(quantity / (units per dose × doses per day)), in exact arithmetic.
 * @param dosesPerDay a number, or a fraction as text (`1/7` for weekly)
 * @throws RangeError when a value is negative, not finite, or nothing is used
 */
export const daysOfSupply = (quantity: number, unitsPerDose: number, dosesPerDay: number | string): number =>
  wholeQuotient(ratio(quantity), times(ratio(unitsPerDose), ratio(dosesPerDay)));

/** Days by which a month counts when a monthly use is told per day. */
const DAYS_PER_MONTH = 30;

/**
 * Doses per day on average, as a number or a fraction in text: `2`, `24/8`, `1/7`, `3/7`, `21/28`.
 * @throws RangeError for a schedule without doses at fixed times or intervals
 */
export function dosesPerDay(schedule: Schedule): string {
  const { times: clockTimes, cycle, intervalHours } = schedule;
  if (clockTimes.length === 0) {
    if (intervalHours === undefined) throw new RangeError('Doses as needed have no number of doses per day.');
    return `24/${intervalHours}`;
  }
  if (cycle) return `${clockTimes.length * cycle.daysOn}/${cycle.daysOn + cycle.daysOff}`;
  const weekdays = schedule.frequency === 'WEEKDAYS' ? 5 : (schedule.weekdays?.length ?? 0);
  if (weekdays > 0) return `${clockTimes.length * weekdays}/7`;
  const repeat = frequencyOfCode(schedule.frequency)?.repeat;
  const days = { h: 0, d: 1, wk: 7, mo: DAYS_PER_MONTH }[repeat?.periodUnit ?? 'd'] * (repeat?.period ?? 1);
  return `${clockTimes.length}/${Math.max(days, 1)}`;
}

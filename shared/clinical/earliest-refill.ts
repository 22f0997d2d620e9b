import { Temporal } from 'temporal-polyfill';
import { ceiling, type Ratio, ratio, times } from './decimal.ts';

export interface EarliestRefill {
  /** Local date. */
  readonly earliest_refill: string;
  /** The fill date is day 0. */
  readonly days_after_fill: number;
}

/**
 * The first date on which a refill is not too soon: the fill date and so many days as make up the used share of the
 * supply, rounded up.
 * @param threshold share of the days supplied that must be over, 0 to 1
 * @throws RangeError when a value is negative or not finite
 */
export function earliestRefill(lastFill: string, daysSupply: number, threshold: Ratio): EarliestRefill {
  const days = ceiling(times(ratio(daysSupply), threshold));
  return {
    earliest_refill: Temporal.PlainDate.from(lastFill).add({ days }).toString(),
    days_after_fill: days,
  };
}

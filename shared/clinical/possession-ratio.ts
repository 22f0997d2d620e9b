import { isLess, type Ratio, ratio, rounded } from './decimal.ts';

/** One fill as pharmacies report it. */
export interface Fill {
  readonly ingredient: string;
  /** Local date. */
  readonly date: string;
  readonly days_supply: number;
}

/** A fill by the day of the measurement period, which begins with day 0. */
export interface FillDays {
  readonly ingredient: string;
  readonly day: number;
  readonly daysSupply: number;
}

/** Medication possession ratio, six decimal places. */
export interface Possession {
  /** Days supplied by all fills in the period. */
  readonly sum_days_supply: number;
  /** Days supplied by the days from the first fill to the end of the period; may be above 1. */
  readonly mpr_to_period_end: number | null;
  /** The same, at most 1. */
  readonly mpr_capped: number | null;
  /** Days supplied before the last fill date, by the days between the first and the last fill date. */
  readonly mpr_first_to_last_fill: number | null;
}

const PLACES = 6;

/** @param fills at least one, ascending by day; @param last the last day of the period */
export function medicationPossession(fills: readonly FillDays[], last: number): Possession {
  const first = fills[0]?.day ?? 0;
  const lastFill = fills.at(-1)?.day ?? first;
  const toEnd = ratio(`${daysOf(fills)}/${last - first + 1}`);
  const before = fills.filter(({ day }) => day < lastFill);
  return {
    sum_days_supply: daysOf(fills),
    mpr_to_period_end: rounded(toEnd, PLACES),
    mpr_capped: rounded(atMostOne(toEnd), PLACES),
    mpr_first_to_last_fill:
      lastFill > first ? rounded(ratio(`${daysOf(before)}/${lastFill - first}`), PLACES) : null,
  };
}

const daysOf = (fills: readonly FillDays[]): number =>
  fills.reduce((sum, { daysSupply }) => sum + daysSupply, 0);

const atMostOne = (value: Ratio): Ratio => (isLess(value, ratio(1)) ? value : ratio(1));

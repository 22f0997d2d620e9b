import { Temporal } from 'temporal-polyfill';

/** First and last year of what the doors compute with: every date member lies between them, both inclusive. */
const FIRST_YEAR = 1900;
/** Also a guard: no dose is looked for beyond it, so that a schedule that never falls due again ends. */
export const LAST_YEAR = 2999;

/** What belongs into a date member, for errors. */
export const SUPPORTED_DATES = `a date from ${FIRST_YEAR}-01-01 to ${LAST_YEAR}-12-31`;

/**
 * Whether a date is one that the doors take. What follows from such dates by the stretches that they take beside them
 * (at most two hundred years) is written with four digits of a year, too.
 */
export const isSupportedDate = ({ year }: { readonly year: number }): boolean =>
  year >= FIRST_YEAR && year <= LAST_YEAR;

/** A date `YYYY-MM-DD` of the calendar; `undefined` for everything else. Supported or not: see `isSupportedDate`. */
export function calendarDate(value: unknown): Temporal.PlainDate | undefined {
  try {
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return Temporal.PlainDate.from(value);
  } catch {
    // A date that the calendar does not have, like the 30th of February.
  }
  return undefined;
}

import { Temporal } from 'temporal-polyfill';
import { plusDays, startOfDay } from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';

/** The local date of an instant. */
export const localDateOf = (instant: Instant, timeZone: string): string =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();

/** Whether a local day begins then; where midnight is skipped, it begins after the gap. */
export const isStartOfDay = (instant: Instant, timeZone: string): boolean =>
  startOfDay(localDateOf(instant, timeZone), timeZone) === instant;

/** How many local dates lie from the date of `start` to before that of `end`. */
export const localDaysBetween = (start: Instant, end: Instant, timeZone: string): number =>
  (Date.parse(localDateOf(end, timeZone)) - Date.parse(localDateOf(start, timeZone))) / 86_400_000;

/** The begins of the local day that holds the instant, and of the next one. */
export function daysAround(instant: Instant, timeZone: string): readonly [Instant, Instant] {
  const date = localDateOf(instant, timeZone);
  return [startOfDay(date, timeZone), startOfDay(plusDays(date, 1), timeZone)];
}

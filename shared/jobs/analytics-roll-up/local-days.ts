import { dateAt, plusDays, startOfDay } from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';

/** Whether a local day begins then; where midnight is skipped, it begins after the gap. */
export const isStartOfDay = (instant: Instant, timeZone: string): boolean =>
  startOfDay(dateAt(instant, timeZone), timeZone) === instant;

/** How many local dates lie from the date of `start` to before that of `end`. */
export const localDaysBetween = (start: Instant, end: Instant, timeZone: string): number =>
  (Date.parse(dateAt(end, timeZone)) - Date.parse(dateAt(start, timeZone))) / 86_400_000;

/** The begins of the local day that holds the instant, and of the next one. */
export function daysAround(instant: Instant, timeZone: string): readonly [Instant, Instant] {
  const date = dateAt(instant, timeZone);
  return [startOfDay(date, timeZone), startOfDay(plusDays(date, 1), timeZone)];
}

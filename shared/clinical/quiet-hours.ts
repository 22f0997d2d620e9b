import { Temporal } from 'temporal-polyfill';

/** Local clock times `HH:MM`: from `from` until before `to`; across midnight when `to` is the earlier one. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/**
 * The end of the quiet hours in which `now` lies, `undefined` when it lies in none. Quiet is what the wall clock of the
 * zone shows, so on the day of a transition they last an hour more or less. An end that falls into a gap is the gap's end, the
 * first moment at which the clock shows no quiet time; of an end that comes twice the first counts that is still to come.
 */
export function quietUntil(now: string, { from, to }: QuietHours, timeZone: string): string | undefined {
  const local = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone);
  const clock = local.toPlainTime();
  const [start, end] = [Temporal.PlainTime.from(from), Temporal.PlainTime.from(to)];
  const isBefore = (time: Temporal.PlainTime) => Temporal.PlainTime.compare(clock, time) < 0;
  const crosses = Temporal.PlainTime.compare(end, start) <= 0;
  const isQuiet = crosses ? !isBefore(start) || isBefore(end) : !isBefore(start) && isBefore(end);
  if (!isQuiet) return undefined;
  const date = local.toPlainDate();
  const endDate = isBefore(end) ? date : date.add({ days: 1 });
  const ends = endDate.toPlainDateTime(end);
  const first = endOf(ends.toZonedDateTime(timeZone, { disambiguation: 'compatible' }), ends);
  const isOver = Temporal.Instant.compare(first, now) <= 0;
  const until = isOver ? ends.toZonedDateTime(timeZone, { disambiguation: 'later' }).toInstant() : first;
  return until.toString({ fractionalSecondDigits: 3 });
}

/** @param shown what the clock shows instead of `wanted` where that falls into a gap */
function endOf(shown: Temporal.ZonedDateTime, wanted: Temporal.PlainDateTime): Temporal.Instant {
  if (shown.toPlainDateTime().equals(wanted)) return shown.toInstant();
  const gap = shown.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return (gap ?? shown).toInstant();
}

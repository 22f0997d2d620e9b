import { Temporal } from 'temporal-polyfill';

/** Local clock times `HH:MM`: from `from` until before `to`; across midnight when `to` is the earlier one. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/**
 * The end of the quiet hours in which `now` lies, `undefined` when it lies in none. Quiet is what the wall clock of the
 * zone shows, so on the day of a transition they last an hour more or less. A clock that is put forward over their end, or back
 * to before their beginning, ends them; of an end that comes twice the first counts that is still to come.
 */
export function quietUntil(now: string, { from, to }: QuietHours, timeZone: string): string | undefined {
  const local = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone);
  const [start, end] = [Temporal.PlainTime.from(from), Temporal.PlainTime.from(to)];
  const isBefore = (clock: Temporal.PlainTime, time: Temporal.PlainTime) =>
    Temporal.PlainTime.compare(clock, time) < 0;
  const crosses = !isBefore(start, end);
  const isQuiet = (clock: Temporal.PlainTime) =>
    crosses
      ? !isBefore(clock, start) || isBefore(clock, end)
      : !isBefore(clock, start) && isBefore(clock, end);
  const clock = local.toPlainTime();
  if (!isQuiet(clock)) return undefined;
  const date = local.toPlainDate();
  const ends = (isBefore(clock, end) ? date : date.add({ days: 1 })).toPlainDateTime(end);
  const first = ends.toZonedDateTime(timeZone, { disambiguation: 'compatible' });
  const isOver = Temporal.ZonedDateTime.compare(first, local) <= 0;
  const until = isOver ? ends.toZonedDateTime(timeZone, { disambiguation: 'later' }) : first;
  return (transitionOut(local, until, isQuiet) ?? until).toInstant().toString({ fractionalSecondDigits: 3 });
}

/** The first change of the zone's offset between the two after which the clock shows no quiet time. */
function transitionOut(
  after: Temporal.ZonedDateTime,
  before: Temporal.ZonedDateTime,
  isQuiet: (clock: Temporal.PlainTime) => boolean,
): Temporal.ZonedDateTime | undefined {
  let next = after.getTimeZoneTransition('next');
  while (next && Temporal.ZonedDateTime.compare(next, before) < 0) {
    if (!isQuiet(next.toPlainTime())) return next;
    next = next.getTimeZoneTransition('next');
  }
  return undefined;
}

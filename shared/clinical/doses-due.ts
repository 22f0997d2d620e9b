import { Temporal } from 'temporal-polyfill';
import { dueDates } from './due-dates.ts';
import { occurrencesFrom, zoneOn } from './occurrences.ts';
import type { Schedule } from './schedule.ts';
import { stretchesOf } from './stays.ts';

const HOUR_MS = 3_600_000;
/** Days at both ends of a stretch in which single doses are looked at; between them due dates are counted. */
const EDGE_DAYS = 3;

/**
 * How many doses are due later than `after` and not later than `until`. A dose with two slots at one instant counts
 * twice. Long stretches are counted by dates or by hours, without visiting every dose. Segments and stays in other zones
 * are counted by their own clocks.
 */
export function dosesDue(schedule: Schedule, after: string, until: string): number {
  const from = Temporal.Instant.from(after).add({ milliseconds: 1 });
  const end = Temporal.Instant.from(until);
  // Hours elapse wherever the user is.
  if (schedule.times.length === 0) return elapsedDoses(schedule, from, end);
  return stretchesOf(schedule).reduce((doses, stretch) => {
    const begin = stretch.since === undefined ? from : laterOf(from, Temporal.Instant.from(stretch.since));
    const last = stretch.until === undefined ? end : earlierOf(end, justBefore(stretch.until));
    return (
      doses + (Temporal.Instant.compare(begin, last) > 0 ? 0 : inOneStretch(stretch.schedule, begin, last))
    );
  }, 0);
}

const justBefore = (instant: string) => Temporal.Instant.from(instant).subtract({ milliseconds: 1 });
const laterOf = (a: Temporal.Instant, b: Temporal.Instant) => (Temporal.Instant.compare(a, b) > 0 ? a : b);
const earlierOf = (a: Temporal.Instant, b: Temporal.Instant) => (Temporal.Instant.compare(a, b) < 0 ? a : b);

/** Both ends belong to it. */
function inOneStretch(schedule: Schedule, from: Temporal.Instant, end: Temporal.Instant): number {
  const firstDate = from.toZonedDateTimeISO('UTC').toPlainDate().add({ days: EDGE_DAYS });
  const lastDate = end.toZonedDateTimeISO('UTC').toPlainDate().subtract({ days: EDGE_DAYS });
  if (Temporal.PlainDate.compare(firstDate, lastDate) >= 0) return visited(schedule, from, end, () => true);
  const middle = String(firstDate);
  const late = String(lastDate);
  const head = visited(schedule, from, startOf(firstDate.add({ days: 2 })), (date) => date < middle);
  const tail = visited(schedule, startOf(lastDate.subtract({ days: 2 })), end, (date) => date >= late);
  return head + datesBetween(schedule, firstDate, late) * schedule.times.length + tail;
}

const startOf = (date: Temporal.PlainDate): Temporal.Instant => date.toZonedDateTime('UTC').toInstant();

function visited(
  schedule: Schedule,
  from: Temporal.Instant,
  end: Temporal.Instant,
  counts: (localDate: string) => boolean,
): number {
  let doses = 0;
  for (const { dueAt, localDate, slots } of occurrencesFrom(schedule, from.toString())) {
    if (Temporal.Instant.compare(Temporal.Instant.from(dueAt), end) > 0) break;
    if (counts(localDate)) doses += slots.length;
  }
  return doses;
}

function datesBetween(schedule: Schedule, from: Temporal.PlainDate, before: string): number {
  let dates = 0;
  for (const date of dueDates(schedule, from)) {
    if (date.toString() >= before) break;
    dates += 1;
  }
  return dates;
}

function elapsedDoses(schedule: Schedule, from: Temporal.Instant, end: Temporal.Instant): number {
  const { anchor, endDate, intervalHours, startDate } = schedule;
  if (!intervalHours || !anchor)
    throw new RangeError('Without times a schedule needs an interval and an anchor.');
  const midnight = (date: Temporal.PlainDate) =>
    date.toZonedDateTime(zoneOn(schedule, date.toString())).epochMilliseconds;
  const start = midnight(Temporal.PlainDate.from(startDate));
  const stop =
    endDate === undefined ? Infinity : midnight(Temporal.PlainDate.from(endDate).add({ days: 1 })) - 1;
  const anchorMs = Temporal.Instant.from(anchor).epochMilliseconds;
  const step = intervalHours * HOUR_MS;
  const first = Math.max(0, Math.ceil((Math.max(from.epochMilliseconds, start) - anchorMs) / step));
  const last = Math.floor((Math.min(end.epochMilliseconds, stop) - anchorMs) / step);
  return Math.max(0, last - first + 1);
}

import { Temporal } from 'temporal-polyfill';
import { dueDates } from './due-dates.ts';
import type { Occurrence, Schedule } from './schedule.ts';
import { stretchesOf } from './stays.ts';

const HOUR_MS = 3_600_000;
/** A local date begins at most this long before the same date in UTC (UTC+14 today, some minutes more in the past). */
const EAST_MS = 16 * HOUR_MS;

/** Occurrences due at `from` or later and before `until`, in order of time. */
export function occurrencesBetween(schedule: Schedule, from: string, until: string): Occurrence[] {
  const end = msOf(until);
  const found: Occurrence[] = [];
  for (const occurrence of occurrencesFrom(schedule, from)) {
    if (dueMs(occurrence) >= end) break;
    found.push(occurrence);
  }
  return found;
}

/** The next `count` occurrences due later than `after`; fewer when the schedule ends before. */
export function nextOccurrences(schedule: Schedule, after: string, count: number): Occurrence[] {
  const from = Temporal.Instant.fromEpochMilliseconds(msOf(after) + 1).toString();
  const found: Occurrence[] = [];
  for (const occurrence of occurrencesFrom(schedule, from)) {
    if (found.length >= count) break;
    found.push(occurrence);
  }
  return found;
}

/**
 * Every occurrence due at `from` or later, in order of time. Endless when the schedule has no end date.
 *
 * - Clock times stay at the clock time. One that falls into a gap moves forward by the length of the gap; one that
 *   happens twice fires once, the first time (RFC 5545 section 3.3.5; Temporal's disambiguation `compatible`).
 * - Elapsed intervals keep their hours, so their clock time moves at a transition.
 * - Doses as needed are never due; a single dose without a clock time is due at its anchor.
 * - Doses that fall on one instant are one occurrence naming every slot.
 * - A stay changes the clock in which times are read from its instant on, and what was due before stays as it was.
 */
export function* occurrencesFrom(schedule: Schedule, from: string): Generator<Occurrence> {
  if (schedule.frequency === 'PRN') return;
  const start = msOf(from);
  if (schedule.times.length === 0) {
    for (const occurrence of elapsed(schedule, start)) if (dueMs(occurrence) >= start) yield occurrence;
    return;
  }
  for (const { schedule: read, since, until } of stretchesOf(schedule)) {
    const end = until === undefined ? Infinity : msOf(until);
    const begin = since === undefined ? start : Math.max(start, msOf(since));
    if (begin >= end) continue;
    for (const occurrence of wallClock(read, begin)) {
      const due = dueMs(occurrence);
      if (due >= end) break;
      if (due >= begin) yield since === undefined ? occurrence : withOffset(occurrence);
    }
  }
}

const withOffset = (occurrence: Occurrence): Occurrence => ({
  ...occurrence,
  offset: occurrence.localTime.slice(-6),
});

const msOf = (instant: string): number => Temporal.Instant.from(instant).epochMilliseconds;

/** Of one that was made here: its form is known, and needs no reader of all forms, which takes fifteen times as long. */
const dueMs = ({ dueAt }: Occurrence): number => Date.parse(dueAt);

/**
 * A single dose at the first whole minute from an instant on: what a schedule of one dose has in place of times. Never
 * before the instant, or it would not fall due.
 */
export function singleDoseAt(
  instant: string,
  timeZone: string,
): Required<Pick<Schedule, 'anchor' | 'startDate' | 'endDate'>> {
  const due = Temporal.Instant.from(instant).round({ smallestUnit: 'minute', roundingMode: 'ceil' });
  const date = due.toZonedDateTimeISO(timeZone).toPlainDate().toString();
  return { anchor: due.toString({ fractionalSecondDigits: 3 }), startDate: date, endDate: date };
}

function* wallClock(schedule: Schedule, fromMs: number): Generator<Occurrence> {
  // Two days earlier in UTC is at least a day earlier in every zone: gaps and changes of zone are covered.
  const firstDate = at(fromMs, 'UTC').toPlainDate().subtract({ days: 2 });
  let pending: Occurrence[] = [];
  for (const date of dueDates(schedule, firstDate)) {
    // Nothing of this or a later date can be due before this moment, so what lies before it is complete.
    const complete = date.toZonedDateTime('UTC').epochMilliseconds - EAST_MS;
    yield* merged(pending.filter((occurrence) => dueMs(occurrence) < complete));
    pending = pending.filter((occurrence) => dueMs(occurrence) >= complete);
    for (const time of schedule.times) pending.push(onDate(schedule, date, time));
  }
  yield* merged(pending);
}

function onDate(schedule: Schedule, date: Temporal.PlainDate, time: string): Occurrence {
  const zone = zoneOn(schedule, date.toString());
  const local = date.toPlainDateTime(Temporal.PlainTime.from(time));
  return occurrenceAt(local.toZonedDateTime(zone, { disambiguation: 'compatible' }), date.toString(), time);
}

/** The zone in which the clock times of that local date are read, of a schedule without stays. */
export const zoneOn = (schedule: Schedule, date: string): string =>
  schedule.zoneSegments?.findLast((segment) => segment.from <= date)?.timeZone ?? schedule.timeZone;

/** In order of time, with equal instants made one. */
function merged(occurrences: readonly Occurrence[]): Occurrence[] {
  const byInstant = new Map<string, Occurrence>();
  for (const occurrence of occurrences.toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1))) {
    const same = byInstant.get(occurrence.dueAt);
    const [slot] = occurrence.slots;
    byInstant.set(occurrence.dueAt, same ? { ...same, slots: [...same.slots, slot] } : occurrence);
  }
  return [...byInstant.values()];
}

function* elapsed(schedule: Schedule, fromMs: number): Generator<Occurrence> {
  const { intervalHours, anchor } = schedule;
  if (schedule.frequency === 'STAT' && anchor) {
    yield atElapsed(schedule, msOf(anchor));
    return;
  }
  if (!intervalHours || !anchor)
    throw new RangeError('Without times a schedule needs an interval and an anchor.');
  const step = intervalHours * HOUR_MS;
  const anchorMs = msOf(anchor);
  // Hours elapse wherever the user is: first and last date are those of the zone in which they were named.
  const home = schedule.stays ? { ...schedule, stays: [] } : schedule;
  const startMs = midnight(home, Temporal.PlainDate.from(schedule.startDate));
  for (let n = Math.max(0, Math.ceil((Math.max(fromMs, startMs) - anchorMs) / step)); ; n += 1) {
    const epochMs = anchorMs + n * step;
    if (schedule.endDate !== undefined && atElapsed(home, epochMs).localDate > schedule.endDate) return;
    yield atElapsed(schedule, epochMs);
  }
}

function atElapsed(schedule: Schedule, epochMs: number): Occurrence {
  const due = at(epochMs, zoneAt(schedule, epochMs));
  // The offset keeps the two 01:00 of a fall-back day apart.
  const slot = `${due.toPlainTime().toString({ smallestUnit: 'minute' })}${due.offset}`;
  return occurrenceAt(due, due.toPlainDate().toString(), slot);
}

const midnight = (schedule: Schedule, date: Temporal.PlainDate): number =>
  date.toZonedDateTime(zoneOn(schedule, date.toString())).epochMilliseconds;

/** The zone of the stay at that moment: a stay begins with its first local date, in its own zone. */
const zoneAt = (schedule: Schedule, epochMs: number): string =>
  schedule.stays?.findLast(({ since }) => msOf(since) <= epochMs)?.timeZone ??
  schedule.zoneSegments?.findLast(
    ({ from, timeZone }) =>
      Temporal.PlainDate.from(from).toZonedDateTime(timeZone).epochMilliseconds <= epochMs,
  )?.timeZone ??
  schedule.timeZone;

const at = (epochMs: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);

const occurrenceAt = (due: Temporal.ZonedDateTime, localDate: string, slot: string): Occurrence => ({
  dueAt: due.toInstant().toString({ fractionalSecondDigits: 3 }),
  localDate,
  localTime: due.toString({ timeZoneName: 'never', smallestUnit: 'second' }),
  timeZone: due.timeZoneId,
  slots: [slot],
});

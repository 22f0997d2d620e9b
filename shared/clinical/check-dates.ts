import { Temporal } from 'temporal-polyfill';
import type { Report } from './check-schedule.ts';
import { singleDoseAt } from './occurrences.ts';
import type { ScheduleRequest } from './schedule-request.ts';

/** Start dates lie at most this many years from today. */
export const MOST_YEARS = 10;

/**
 * How a schedule finds its doses: at clock times, by elapsed hours from an anchor, or once, at the anchor or at a
 * clock time of the start date.
 */
export type Counting = 'calendar' | 'elapsed' | 'once_now' | 'once_at_time';

/** First and last date, and the instant from which elapsed hours count. */
export interface ScheduleDates {
  readonly start_date: string;
  readonly end_date?: string;
  readonly anchor?: string;
}

/**
 * Completes the dates: the start date is today in the zone unless given; the anchor is the start date at the minute
 * of acceptance unless given. A single dose begins and ends on its date; "now" is the next whole minute.
 * @returns `undefined` when a problem was reported
 */
export function checkDates(
  request: ScheduleRequest,
  now: string,
  timeZone: string,
  counting: Counting,
  report: Report,
): ScheduleDates | undefined {
  const accepted = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone);
  const today = accepted.toPlainDate();
  const start = request.start_date === undefined ? today : dateOf(request.start_date, 'start_date', report);
  const end = request.end_date === undefined ? undefined : dateOf(request.end_date, 'end_date', report);
  if (!start || (request.end_date !== undefined && !end)) return undefined;
  if (Math.abs(start.year - today.year) > MOST_YEARS) {
    report('start_date', 'date_out_of_range', `Choose a date within ${MOST_YEARS} years of today.`);
    return undefined;
  }
  if (end && Temporal.PlainDate.compare(end, start) < 0) {
    report('end_date', 'end_before_start', 'The end_date lies before the start_date.');
    return undefined;
  }
  const once = counting === 'once_now' || counting === 'once_at_time';
  if (once && end && !end.equals(start)) {
    report('end_date', 'end_date_not_allowed', 'A single dose ends on its own date: leave the end_date out.');
    return undefined;
  }
  const anchor = anchorOf(request, start, accepted, counting, report);
  if (!anchor) return undefined;
  if (counting === 'once_now') {
    const dose = singleDoseAt(anchor.toString(), timeZone);
    return { start_date: dose.startDate, end_date: dose.endDate, anchor: dose.anchor };
  }
  const last = once ? start : end;
  return {
    start_date: start.toString(),
    ...(last && { end_date: last.toString() }),
    ...(counting === 'elapsed' && { anchor: anchor.toString({ fractionalSecondDigits: 3 }) }),
  };
}

function dateOf(text: string, member: string, report: Report): Temporal.PlainDate | undefined {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Temporal.PlainDate.from(text);
  } catch {
    // A date that the calendar does not have, like the 30th of February.
  }
  report(member, 'date_not_valid', 'Use a date of the calendar, written YYYY-MM-DD.');
  return undefined;
}

function anchorOf(
  request: ScheduleRequest,
  start: Temporal.PlainDate,
  accepted: Temporal.ZonedDateTime,
  counting: Counting,
  report: Report,
): Temporal.Instant | undefined {
  if (request.anchor === undefined) {
    // A dose "now" must not lie before the moment at which it was asked for, or it would never fall due.
    const roundingMode = counting === 'once_now' ? 'ceil' : 'trunc';
    const minute = accepted.round({ smallestUnit: 'minute', roundingMode });
    return minute.add(minute.toPlainDate().until(start)).toInstant();
  }
  if (counting === 'calendar' || counting === 'once_at_time') {
    report('anchor', 'anchor_not_allowed', 'Only hours without clock times, and a dose now, take an anchor.');
    return undefined;
  }
  try {
    const hasOffset = /(?:Z|[+-]\d{2}:\d{2})$/.test(request.anchor);
    const instant = hasOffset
      ? Temporal.Instant.from(request.anchor)
      : Temporal.PlainDateTime.from(request.anchor).toZonedDateTime(accepted.timeZoneId).toInstant();
    if (instant.epochMilliseconds % 60_000 === 0) return instant;
  } catch {
    // Not a moment of the calendar; reported below.
  }
  report(
    'anchor',
    'anchor_not_valid',
    'Use a whole minute: YYYY-MM-DDTHH:MM in the schedule’s zone, or with an offset.',
  );
  return undefined;
}

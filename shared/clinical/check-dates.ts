import { Temporal } from 'temporal-polyfill';
import type { Report } from './check-schedule.ts';
import type { ScheduleRequest } from './schedule-request.ts';

/** Start dates lie at most this many years from today. */
const MOST_YEARS = 10;

/** First and last date, and the instant from which elapsed hours count. */
export interface ScheduleDates {
  readonly start_date: string;
  readonly end_date?: string;
  readonly anchor: string;
}

/**
 * Completes the dates: the start date is today in the zone unless given; the anchor is the start date at the minute
 * of acceptance unless given.
 * @returns `undefined` when a problem was reported
 */
export function checkDates(
  request: ScheduleRequest,
  now: string,
  timeZone: string,
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
  const anchor = anchorOf(request, start, accepted, report);
  if (!anchor) return undefined;
  return {
    start_date: start.toString(),
    ...(end && { end_date: end.toString() }),
    anchor: anchor.toString({ fractionalSecondDigits: 3 }),
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
  report: Report,
): Temporal.Instant | undefined {
  if (request.anchor === undefined) {
    const minute = accepted.toPlainTime().round({ smallestUnit: 'minute', roundingMode: 'trunc' });
    return start.toPlainDateTime(minute).toZonedDateTime(accepted.timeZoneId).toInstant();
  }
  if (request.times?.length) {
    report('anchor', 'anchor_not_allowed', 'Clock times need no anchor: leave out the one or the other.');
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

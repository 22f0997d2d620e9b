import { Temporal } from 'temporal-polyfill';
import type { Problem } from '../errors/problem-error.ts';
import { type Counting, checkDates } from './check-dates.ts';
import { checkPattern } from './check-pattern.ts';
import { checkReminderOptions } from './check-reminder-options.ts';
import { type CheckedTimes, checkTimes, type TimesContext } from './check-times.ts';
import { frequencyOfCode } from './frequency.ts';
import { occurrencesFrom } from './occurrences.ts';
import { parseFrequency } from './parse-frequency.ts';
import {
  type CompleteSchedule,
  type ScheduleRequest,
  scheduleOf,
  type TimesSource,
} from './schedule-request.ts';
import { ianaTimeZone } from './time-zone.ts';

export type TimeZoneSource = 'request' | 'user' | 'default';

export interface ScheduleContext extends TimesContext {
  /** The moment of acceptance. */
  readonly now: string;
  readonly userTimeZone?: string | undefined;
  readonly defaultTimeZone?: string | undefined;
}

export type CheckedSchedule =
  | {
      readonly ok: true;
      readonly schedule: CompleteSchedule;
      readonly timeZoneSource: TimeZoneSource;
      readonly timesSource: TimesSource;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Notes one problem; `member` is a path below `/schedule`. */
export type Report = (member: string, code: string, detail: string) => void;

/**
 * Checks that frequency, times, zone, dates and what the reminder does agree, and completes the request: canonical
 * frequency, ascending times (the request's, else the user's meal times or the deployment's defaults), zone (the
 * request's, else the user's, else the deployment's), start date, anchor. Nothing is guessed: every contradiction is a
 * problem with a pointer, all of them at once.
 */
export function checkSchedule(request: ScheduleRequest, context: ScheduleContext): CheckedSchedule {
  const problems: Problem[] = [];
  const report: Report = (member, code, detail) => {
    problems.push({ pointer: `/schedule/${member}`, code, detail });
  };
  const parsed = parseFrequency(request.frequency);
  if (!parsed.ok) report('frequency', parsed.problem, parsed.detail);
  const times = parsed.ok ? checkTimes(parsed, request, context, report) : undefined;
  const pattern = parsed.ok && times ? checkPattern(times.frequency, parsed, request, report) : {};
  const zone = zoneOf(request, context, report);
  const dates = zone && checkDates(request, context.now, zone.timeZone, countingOf(times), report);
  if (problems.length > 0 || !zone || !dates || !times) return { ok: false, problems };

  const timed: CompleteSchedule = {
    frequency: times.frequency,
    times: times.times,
    time_zone: zone.timeZone,
    ...dates,
    ...pattern,
  };
  if (isOver(timed, context.now)) {
    report('end_date', 'schedule_over', 'No dose of this schedule is due any more: choose a later end_date.');
    return { ok: false, problems };
  }
  const schedule = { ...timed, ...checkReminderOptions(request, scheduleOf(timed), report) };
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, schedule, timeZoneSource: zone.source, timesSource: times.source };
}

/** A dose that is due in this very moment is still to come. Doses as needed are never due: they are over with their end date. */
function isOver(schedule: CompleteSchedule, now: string): boolean {
  if (schedule.frequency !== 'PRN') return occurrencesFrom(scheduleOf(schedule), now).next().done === true;
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(schedule.time_zone).toPlainDate().toString();
  return schedule.end_date !== undefined && schedule.end_date < today;
}

/** When the times are wrong, an anchor is not held against them. */
function countingOf(times: CheckedTimes | undefined): Counting {
  if (!times) return 'elapsed';
  if (times.frequency === 'STAT') return times.times.length === 0 ? 'once_now' : 'once_at_time';
  const hourly = frequencyOfCode(times.frequency)?.repeat.periodUnit === 'h';
  return hourly && times.times.length === 0 ? 'elapsed' : 'calendar';
}

function zoneOf(
  request: ScheduleRequest,
  context: ScheduleContext,
  report: Report,
): { readonly timeZone: string; readonly source: TimeZoneSource } | undefined {
  if (request.time_zone !== undefined) {
    const timeZone = ianaTimeZone(request.time_zone);
    if (timeZone) return { timeZone, source: 'request' };
    report('time_zone', 'time_zone_not_iana', 'Use a region of the IANA database such as America/New_York.');
    return undefined;
  }
  const stored = ianaTimeZone(context.userTimeZone ?? '');
  if (stored) return { timeZone: stored, source: 'user' };
  const fallback = ianaTimeZone(context.defaultTimeZone ?? '');
  if (fallback) return { timeZone: fallback, source: 'default' };
  report('time_zone', 'time_zone_required', 'No time zone is known for this user: send schedule.time_zone.');
  return undefined;
}

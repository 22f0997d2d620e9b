import type { Problem } from '../errors/problem-error.ts';
import { checkDates } from './check-dates.ts';
import { checkPattern } from './check-pattern.ts';
import { checkTimes } from './check-times.ts';
import { nextOccurrences } from './occurrences.ts';
import { parseFrequency } from './parse-frequency.ts';
import { type CompleteSchedule, type ScheduleRequest, scheduleOf } from './schedule-request.ts';
import { ianaTimeZone } from './time-zone.ts';

export type TimeZoneSource = 'request' | 'user' | 'default';

export interface ScheduleContext {
  /** The moment of acceptance. */
  readonly now: string;
  readonly userTimeZone?: string | undefined;
  readonly defaultTimeZone?: string | undefined;
}

export type CheckedSchedule =
  | { readonly ok: true; readonly schedule: CompleteSchedule; readonly timeZoneSource: TimeZoneSource }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Notes one problem; `member` is a path below `/schedule`. */
export type Report = (member: string, code: string, detail: string) => void;

/**
 * Checks that frequency, times, zone and dates of a request agree, and completes it: canonical frequency, ascending
 * times, zone (the request's, else the user's, else the deployment's), start date, anchor. Nothing is guessed: every
 * contradiction is a problem with a pointer, all of them at once.
 */
export function checkSchedule(request: ScheduleRequest, context: ScheduleContext): CheckedSchedule {
  const problems: Problem[] = [];
  const report: Report = (member, code, detail) => {
    problems.push({ pointer: `/schedule/${member}`, code, detail });
  };
  const parsed = parseFrequency(request.frequency);
  if (!parsed.ok) report('frequency', parsed.problem, parsed.detail);
  const frequency = parsed.ok ? checkTimes(parsed, request, report) : undefined;
  const pattern = parsed.ok && frequency ? checkPattern(parsed, request, report) : {};
  const zone = zoneOf(request, context, report);
  const dates = zone && checkDates(request, context.now, zone.timeZone, report);
  if (problems.length > 0 || !zone || !dates || !frequency) return { ok: false, problems };

  const times = [...(request.times ?? [])].sort();
  const { anchor, ...range } = dates;
  const schedule: CompleteSchedule = {
    frequency,
    times,
    time_zone: zone.timeZone,
    ...range,
    ...(times.length === 0 && { anchor }),
    ...pattern,
  };
  if (nextOccurrences(scheduleOf(schedule), context.now, 1).length === 0) {
    report('end_date', 'schedule_over', 'No dose of this schedule is due any more: choose a later end_date.');
    return { ok: false, problems };
  }
  return { ok: true, schedule, timeZoneSource: zone.source };
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

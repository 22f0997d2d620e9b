import type { Report } from './check-schedule.ts';
import type { ParsedFrequency } from './parse-frequency.ts';
import type { ScheduleRequest } from './schedule-request.ts';

const HOURS_PER_DAY = 24;

/**
 * Holds clock times against the frequency. Without times an hourly frequency counts elapsed hours; with times it is
 * a daily list, so its hours must divide the day.
 * @returns the canonical frequency, or `undefined` when a problem was reported
 */
export function checkTimes(
  parsed: Extract<ParsedFrequency, { ok: true }>,
  request: ScheduleRequest,
  report: Report,
): string | undefined {
  const times = request.times ?? [];
  const wrong = times.map((time, index) => checkTime(times, time, index, report)).includes(false);
  if (wrong) return undefined;
  const { code, repeat } = parsed;
  const calendarCode = times.length > 0 ? parsed.code_with_times : undefined;
  if (repeat.periodUnit === 'h' && calendarCode === undefined) {
    return times.length === 0 || divides(repeat.period, times.length, report) ? code : undefined;
  }
  if (times.length === 0) {
    report('times', 'times_required', 'This frequency needs its clock times, such as "08:00".');
    return undefined;
  }
  const expected = calendarCode === undefined ? parsed.times_expected : 1;
  if (expected !== null && times.length !== expected) {
    report('times', 'times_do_not_match_frequency', `This frequency needs exactly ${clockTimes(expected)}.`);
    return undefined;
  }
  return calendarCode ?? code;
}

const clockTimes = (count: number): string => (count === 1 ? '1 clock time' : `${count} clock times`);

function checkTime(times: readonly string[], time: string, index: number, report: Report): boolean {
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time)) {
    report(`times/${index}`, 'time_not_valid', 'Use a clock time from 00:00 to 23:59 with two digits each.');
    return false;
  }
  if (times.indexOf(time) === index) return true;
  report(`times/${index}`, 'time_duplicate', 'This clock time is given twice: send each one once.');
  return false;
}

function divides(hours: number, count: number, report: Report): boolean {
  if (HOURS_PER_DAY % hours !== 0) {
    report(
      'times',
      'times_do_not_match_frequency',
      'These hours do not divide a day: send no times to count elapsed hours.',
    );
    return false;
  }
  const expected = HOURS_PER_DAY / hours;
  if (count === expected) return true;
  const detail = `This frequency needs exactly ${clockTimes(expected)}, or none to count elapsed hours.`;
  report('times', 'times_do_not_match_frequency', detail);
  return false;
}

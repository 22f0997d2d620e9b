import type { Report } from './check-schedule.ts';
import { shortestGapMinutes } from './clock-gaps.ts';
import { type DefaultTimes, defaultTimesFor } from './default-times.ts';
import { frequencyOfCode } from './frequency.ts';
import { isMealEvent, type MealTimes, mealClockTimes } from './meal-times.ts';
import type { RecognisedFrequency } from './parse-frequency.ts';
import type { ScheduleRequest, TimesSource } from './schedule-request.ts';

const HOURS_PER_DAY = 24;

/** Canonical frequency with its clock times, ascending, and who named them. */
export interface CheckedTimes {
  readonly frequency: string;
  readonly times: readonly string[];
  readonly source: TimesSource;
}

/** What times are taken from when the request names none. */
export interface TimesContext {
  readonly defaultTimes?: DefaultTimes | undefined;
  readonly mealTimes?: MealTimes | undefined;
}

/**
 * Holds clock times against the frequency. Without times an hourly frequency counts elapsed hours; with times it is
 * a daily list, so its hours must divide the day. No times at all means the deployment's; an empty list is a mistake,
 * except where there is nothing to list.
 * @returns `undefined` when a problem was reported
 */
export function checkTimes(
  parsed: RecognisedFrequency,
  request: Pick<ScheduleRequest, 'times'>,
  context: TimesContext,
  report: Report,
): CheckedTimes | undefined {
  const times = request.times ?? [];
  const wrong = times.map((time, index) => checkTime(times, time, index, report)).includes(false);
  if (wrong) return undefined;
  const event = parsed.repeat?.when?.[0] ?? '';
  if (parsed.needs === 'meal_times' && isMealEvent(event)) return atMeals(event, request, context, report);
  const code = (times.length > 0 ? parsed.code_with_times : undefined) ?? parsed.code;
  if (code === 'PRN' || code === 'STAT') return unscheduled(code, times, report);
  const { repeat, times_expected: expected } = frequencyOfCode(code) ?? UNKNOWN;
  const ascending = { frequency: code, times: times.toSorted(), source: 'request' as const };
  if (repeat.periodUnit === 'h') {
    return times.length === 0 || divides(repeat.period, times, report) ? ascending : undefined;
  }
  if (request.times === undefined) return byDefault(code, context, report);
  if (times.length === 0) {
    report('times', 'times_required', 'This frequency needs its clock times, such as "08:00".');
    return undefined;
  }
  if (expected !== null && times.length !== expected) {
    report('times', 'times_do_not_match_frequency', `This frequency needs exactly ${clockTimes(expected)}.`);
    return undefined;
  }
  return ascending;
}

const UNKNOWN = { repeat: { period: 1, periodUnit: 'd' }, times_expected: null } as const;

const clockTimes = (count: number): string => (count === 1 ? '1 clock time' : `${count} clock times`);

function byDefault(code: string, context: TimesContext, report: Report): CheckedTimes | undefined {
  const times = defaultTimesFor(code, context.defaultTimes);
  if (times) return { frequency: code, times, source: 'default' };
  report('times', 'times_required', 'There are no default times for this frequency: send its clock times.');
  return undefined;
}

/** FHIR has the same rule: `timeOfDay` and `when` exclude each other. */
function atMeals(
  event: string,
  request: Pick<ScheduleRequest, 'times'>,
  { mealTimes }: TimesContext,
  report: Report,
): CheckedTimes | undefined {
  if (!isMealEvent(event)) return undefined;
  if (request.times?.length) {
    const detail = 'Doses at meals have the times of the meals: send a daily frequency to name clock times.';
    report('times', 'times_not_allowed', detail);
    return undefined;
  }
  const times = mealTimes && mealClockTimes(event, mealTimes);
  if (times) return { frequency: event, times, source: 'meal_times' };
  const detail =
    'The meal times of this user are not known: store them in the preferences, or send a daily frequency with clock times.';
  report('frequency', 'meal_times_required', detail);
  return undefined;
}

/** As needed has no times; a single dose is now, or at one clock time of its start date. */
function unscheduled(code: string, times: readonly string[], report: Report): CheckedTimes | undefined {
  const most = code === 'STAT' ? 1 : 0;
  if (times.length <= most) return { frequency: code, times, source: 'request' };
  if (code === 'PRN') report('times', 'times_not_allowed', 'Doses as needed have no times: leave them out.');
  else report('times', 'times_do_not_match_frequency', 'A single dose has at most 1 clock time.');
  return undefined;
}

function checkTime(times: readonly string[], time: string, index: number, report: Report): boolean {
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time)) {
    report(`times/${index}`, 'time_not_valid', 'Use a clock time from 00:00 to 23:59 with two digits each.');
    return false;
  }
  if (times.indexOf(time) === index) return true;
  report(`times/${index}`, 'time_duplicate', 'This clock time is given twice: send each one once.');
  return false;
}

/** Wards shift single doses of an interval; nearer than half of it, times and interval are two prescriptions. */
function divides(hours: number, times: readonly string[], report: Report): boolean {
  const refuse = (detail: string): boolean => {
    report('times', 'times_do_not_match_frequency', detail);
    return false;
  };
  if (HOURS_PER_DAY % hours !== 0)
    return refuse('These hours do not divide a day: send no times to count elapsed hours.');
  const expected = HOURS_PER_DAY / hours;
  if (times.length !== expected)
    return refuse(`This frequency needs exactly ${clockTimes(expected)}, or none to count elapsed hours.`);
  if (shortestGapMinutes(times) < hours * 30)
    return refuse(
      `Two of these times lie closer than half of ${hours} hours: send times about ${hours} hours apart, or a frequency by the day such as BID.`,
    );
  return true;
}

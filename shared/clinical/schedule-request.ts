import { frequencyOfCode } from './frequency.ts';
import type { Schedule } from './schedule.ts';
import { WEEKDAY_CODES, type WeekdayCode } from './weekdays.ts';

export { WEEKDAY_CODES };

/** Who named the clock times: the request, the deployment's defaults, or the user's meal times. */
export type TimesSource = 'request' | 'default' | 'meal_times';

/** What a reminder does besides being due. All optional; delivery has its own defaults. */
export type ReminderOptions = {
  /** As written by the prescriber or on the package, with strength and form. */
  readonly medication_name?: string;
  /** Units of one dose: tablets, millilitres, puffs. */
  readonly dose_units?: number;
  /** Only for doses as needed. */
  readonly max_doses_per_day?: number;
  /** Reminders after the first one while nobody has answered. */
  readonly follow_up?: { readonly count: number; readonly every_minutes: number };
  /** Minutes after the dose was told when the caregiver is told that nobody has answered. */
  readonly escalate_after_minutes?: number;
  /** Minutes after the due time in which a dose may still be told. */
  readonly late_window_minutes?: number;
  readonly critical?: boolean;
};

/** A schedule as a request states it. */
export type ScheduleRequest = ReminderOptions & {
  readonly frequency: string;
  readonly times?: readonly string[];
  readonly time_zone?: string;
  readonly start_date?: string;
  readonly end_date?: string;
  readonly anchor?: string;
  readonly weekdays?: readonly WeekdayCode[];
  readonly cycle?: { readonly days_on: number; readonly days_off: number };
  readonly month_rule?: 'clamp' | 'skip';
};

/** A request that was checked and completed: canonical frequency, ascending times, zone and start date. */
export type CompleteSchedule = ScheduleRequest &
  Required<Pick<ScheduleRequest, 'times' | 'time_zone' | 'start_date'>>;

/** The schedule that a completed request describes. */
export function scheduleOf(request: CompleteSchedule): Schedule {
  const { anchor, cycle, end_date: endDate, month_rule: monthRule, weekdays } = request;
  const repeat = frequencyOfCode(request.frequency)?.repeat;
  const elapses = request.times.length === 0 && repeat?.periodUnit === 'h';
  return {
    frequency: request.frequency,
    times: request.times,
    timeZone: request.time_zone,
    startDate: request.start_date,
    ...(elapses && { intervalHours: repeat.period }),
    ...(anchor !== undefined && { anchor }),
    ...(endDate !== undefined && { endDate }),
    ...(monthRule !== undefined && { monthRule }),
    ...(weekdays !== undefined && { weekdays: weekdays.map((day) => WEEKDAY_CODES.indexOf(day) + 1) }),
    ...(cycle !== undefined && { cycle: { daysOn: cycle.days_on, daysOff: cycle.days_off } }),
  };
}

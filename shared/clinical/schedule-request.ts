import { frequencyOfCode } from './frequency.ts';
import type { Schedule } from './schedule.ts';

/** Days of the week as iCalendar and FHIR write them. The position plus one is the ISO number. */
export const WEEKDAY_CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type WeekdayCode = (typeof WEEKDAY_CODES)[number];

/** A schedule as a request states it. */
export type ScheduleRequest = {
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
  const hours = frequencyOfCode(request.frequency)?.repeat.period;
  return {
    frequency: request.frequency,
    times: request.times,
    timeZone: request.time_zone,
    startDate: request.start_date,
    ...(request.times.length === 0 && hours !== undefined && { intervalHours: hours }),
    ...(anchor !== undefined && { anchor }),
    ...(endDate !== undefined && { endDate }),
    ...(monthRule !== undefined && { monthRule }),
    ...(weekdays !== undefined && { weekdays: weekdays.map((day) => WEEKDAY_CODES.indexOf(day) + 1) }),
    ...(cycle !== undefined && { cycle: { daysOn: cycle.days_on, daysOff: cycle.days_off } }),
  };
}

import type { Report } from './check-schedule.ts';
import type { Schedule } from './schedule.ts';
import type { ReminderOptions, ScheduleRequest } from './schedule-request.ts';
import { shortestIntervalHours } from './shortest-interval.ts';

/** A dose is told at most this long after its due time: 12 hours. */
const LONGEST_WINDOW_MINUTES = 720;

const REMINDING = ['follow_up', 'escalate_after_minutes', 'late_window_minutes', 'critical'] as const;

/**
 * Holds what a reminder does besides being due against the schedule, and answers it as it was sent. Ranges are the
 * schema's; here is what only shows together: nothing is sent after a dose's window, which ends half the interval
 * after its due time (at most 12 hours) unless `late_window_minutes` ends it earlier or later.
 */
export function checkReminderOptions(
  request: ScheduleRequest,
  schedule: Schedule,
  report: Report,
): ReminderOptions {
  const { dose_units, max_doses_per_day, medication_name } = request;
  const described = {
    ...(medication_name !== undefined && { medication_name }),
    ...(dose_units !== undefined && { dose_units }),
  };
  if (schedule.frequency === 'PRN') {
    for (const member of REMINDING) {
      if (request[member] === undefined) continue;
      report(member, 'not_for_doses_as_needed', 'Doses as needed have no reminders: leave it out.');
    }
    return { ...described, ...(max_doses_per_day !== undefined && { max_doses_per_day }) };
  }
  if (max_doses_per_day !== undefined) {
    const detail = 'A schedule says itself how many doses a day has: only doses as needed take a maximum.';
    report('max_doses_per_day', 'max_doses_per_day_not_allowed', detail);
  }
  return { ...described, ...reminding(request, schedule, report) };
}

function reminding(
  { critical, escalate_after_minutes, follow_up, late_window_minutes }: ScheduleRequest,
  schedule: Schedule,
  report: Report,
): ReminderOptions {
  const hours = shortestIntervalHours(schedule);
  const half = hours === null ? LONGEST_WINDOW_MINUTES : (hours * 60) / 2;
  const window = late_window_minutes ?? Math.min(half, LONGEST_WINDOW_MINUTES);
  if (hours !== null && late_window_minutes !== undefined && late_window_minutes > hours * 60) {
    const detail = 'This window is longer than the shortest time between two doses: shorten it.';
    report('late_window_minutes', 'late_window_too_long', detail);
  }
  if (follow_up && follow_up.count * follow_up.every_minutes >= window) {
    const detail =
      'The last follow-up would fall after the window in which the dose may be told: send fewer, or sooner.';
    report('follow_up', 'follow_up_beyond_window', detail);
  }
  if (escalate_after_minutes !== undefined && escalate_after_minutes >= window) {
    const detail =
      'The escalation would fall after the window in which the dose may be told: make it earlier.';
    report('escalate_after_minutes', 'escalation_beyond_window', detail);
  }
  return {
    ...(follow_up && { follow_up }),
    ...(escalate_after_minutes !== undefined && { escalate_after_minutes }),
    ...(late_window_minutes !== undefined && { late_window_minutes }),
    ...(critical !== undefined && { critical }),
  };
}

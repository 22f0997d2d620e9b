import { closeTogetherHours, followsFirstRequest, type Schedule } from '../../clinical/index.ts';
import type { UserBody } from '../ports.ts';
import type { MedicationReminder } from './schema.ts';

/** Something about an accepted schedule that its sender should know. */
export type ScheduleWarning = { readonly pointer?: string; readonly code: string; readonly detail: string };

const WARNINGS = {
  default_time_zone_used:
    'Neither the request nor the user names a time zone: the one of the deployment was taken.',
  first_request_time_zone_used:
    'Neither the request nor the preferences of the user name a time zone: the one that the user’s first reminder named was taken. Set time_zone in the preferences.',
  default_times_used: 'The request names no clock times: those of the deployment were taken.',
  high_alert_not_checked:
    'Whether this is a medication that must not be used so often was not checked: its name, or the form or strength in it, is not known. Send medication_name with strength and form.',
  high_alert_overridden:
    'This medication is used more often than it may be; a clinician or pharmacist has taken that on.',
} as const;

/** The warnings that follow from how the rules completed the request, and from what is known of the user. */
export function warningsOf(
  { schedule }: MedicationReminder,
  read: Schedule,
  user: UserBody | undefined,
): ScheduleWarning[] {
  const isFirst = schedule.time_zone_source === 'user' && user !== undefined && followsFirstRequest(user);
  const codes = [
    schedule.time_zone_source === 'default' && 'default_time_zone_used',
    isFirst && 'first_request_time_zone_used',
    schedule.times_source === 'default' && 'default_times_used',
    schedule.high_alert === 'not_checked' && 'high_alert_not_checked',
    schedule.high_alert === 'overridden' && 'high_alert_overridden',
  ] as const;
  return [
    ...codes.filter((code) => code !== false).map((code) => ({ code, detail: WARNINGS[code] })),
    ...closeTogether(read),
  ];
}

function closeTogether(schedule: Schedule): ScheduleWarning[] {
  const hours = closeTogetherHours(schedule);
  if (hours === undefined) return [];
  const apart = `Two of its doses lie only ${Math.round(hours * 100) / 100} hours apart`;
  const detail = `${apart}: a late reminder for one may come just before the next. Check the times, or send late_window_minutes.`;
  return [{ pointer: '/schedule/times', code: 'doses_close_together', detail }];
}

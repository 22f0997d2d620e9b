import type { ReminderOptions } from '../../clinical/index.ts';
import type { ScheduleBody } from '../ports.ts';

type StoredOptions = Pick<
  ScheduleBody,
  | 'medicationName'
  | 'doseUnits'
  | 'maxDosesPerDay'
  | 'followUp'
  | 'escalateAfterMinutes'
  | 'lateWindowMinutes'
  | 'critical'
>;

/** What a reminder does besides being due, as the schedule's record holds it. */
export function reminderOptionsOf(request: ReminderOptions): StoredOptions {
  const { critical, follow_up: followUp } = request;
  return {
    ...(request.medication_name !== undefined && { medicationName: request.medication_name }),
    ...(request.dose_units !== undefined && { doseUnits: request.dose_units }),
    ...(request.max_doses_per_day !== undefined && { maxDosesPerDay: request.max_doses_per_day }),
    ...(followUp && { followUp: { count: followUp.count, everyMinutes: followUp.every_minutes } }),
    ...(request.escalate_after_minutes !== undefined && {
      escalateAfterMinutes: request.escalate_after_minutes,
    }),
    ...(request.late_window_minutes !== undefined && { lateWindowMinutes: request.late_window_minutes }),
    ...(critical !== undefined && { critical }),
  };
}

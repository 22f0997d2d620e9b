import type { ReminderMessage } from '#shared/jobs/ports.ts';

/** A message that tells a dose at 09:00 in Berlin. */
export const sampleReminder = (over: Partial<ReminderMessage> = {}): ReminderMessage => ({
  type: 'reminder.due',
  message_id: '2031-05-06_0900_medication-ref.dose',
  occurrence_id: '2031-05-06_0900_medication-ref',
  user_ref: 'user-ref',
  user_id: 'user-1',
  medication_id: 'medication-1',
  due_at: '2031-05-06T07:00:00.000Z',
  local_time: '2031-05-06T09:00:00+02:00',
  time_zone: 'Europe/Berlin',
  late: false,
  possible_duplicate: false,
  expires_at: '2031-05-06T19:00:00.000Z',
  to: 'patient',
  channels: [],
  text: { title: 'Time for your medication', body: 'Your dose is due now, at 09:00.' },
  ...over,
});

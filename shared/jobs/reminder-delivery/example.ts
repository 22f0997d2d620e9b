import type { ReminderDelivery } from './schema.ts';

export const example: ReminderDelivery = {
  user_id: 'patient-demo',
  medication_id: 'med-lisinopril-10mg',
  occurrence_id: '2026-03-08_0800_5d41402abc4b2a76',
  schedule_revision: 1,
  due_at: '2026-03-08T12:00:00.000Z',
  expires_at: '2026-03-08T18:00:00.000Z',
};

import type { MedicationReminder } from './schema.ts';

export const example: MedicationReminder = {
  user_id: 'patient-demo',
  medication_id: 'med-lisinopril-10mg',
  schedule: {
    frequency: 'BID',
    times: ['08:00', '20:00'],
    time_zone: 'America/New_York',
    medication_name: 'lisinopril 10 mg tablet',
  },
};

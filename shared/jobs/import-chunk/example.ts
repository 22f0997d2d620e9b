import type { ImportChunk } from './schema.ts';

export const example: ImportChunk = {
  lines: [
    {
      line: 1,
      reminder: {
        user_id: 'patient-1',
        medication_id: 'lisinopril-10',
        schedule: {
          frequency: 'QD',
          times: ['08:00'],
          time_zone: 'America/New_York',
          start_date: '2026-12-01',
          times_source: 'request',
          time_zone_source: 'request',
          high_alert: 'not_checked',
        },
      },
      facts: { name: 'lisinopril 10 mg tablet' },
    },
    {
      line: 2,
      problems: [{ pointer: '/schedule/frequency', code: 'required', detail: 'This field is required.' }],
    },
  ],
};

import type { BreakGlassNotice } from './schema.ts';

export const example: BreakGlassNotice = {
  user_id: 'patient-demo',
  grant_id: '01KB6Z3W9QJ5T0N8D4E2R7M1XC',
  role: 'clinician',
  granted_at: '2026-11-29T08:00:00.000Z',
  expires_at: '2026-11-29T09:00:00.000Z',
};

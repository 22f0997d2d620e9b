import type { ScheduleUpdate } from './schema.ts';

export const example: ScheduleUpdate = { user_id: 'patient-demo', reason: 'zone' };

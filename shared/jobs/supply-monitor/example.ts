import type { SupplyMonitor } from './schema.ts';

export const example: SupplyMonitor = {
  user_id: 'patient-demo',
  medications: ['med-lisinopril-10mg'],
};

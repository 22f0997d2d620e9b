import type { RefillCheck } from './schema.ts';

export const example: RefillCheck = {
  user_id: 'patient-demo',
  medication_id: 'med-lisinopril-10mg',
  current_supply: 12,
};

import type { InteractionCheckPayload } from './schema.ts';

/** Two medications of which one raises the other's concentration: the result shows a finding. */
export const example: InteractionCheckPayload = {
  user_id: 'patient-demo',
  medications: ['Zocor 40 mg tablet', 'clarithromycin 500 mg'],
};

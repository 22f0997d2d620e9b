import type { InteractionRecheck } from './schema.ts';

/** Nothing was ever checked with this data set: the job finds nothing and succeeds. */
export const example: InteractionRecheck = {
  to: '2026-11-23T00:00:00.000Z',
  data_set: 'medication-jobs-built-in@0',
};

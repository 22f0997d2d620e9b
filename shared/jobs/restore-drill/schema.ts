import type { FromSchema } from 'json-schema-to-ts';
import { drillRunSchema } from '../archive/drill-run.ts';

/** Payload of a `restore-drill`: the month that it is the drill of, and how far it is. */
export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['month'],
  properties: {
    month: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}$' },
    /** Absent: it has not begun. */
    run: drillRunSchema,
  },
} as const;

export type RestoreDrillPayload = FromSchema<typeof schema>;

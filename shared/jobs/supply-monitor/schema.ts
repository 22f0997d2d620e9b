import type { FromSchema } from 'json-schema-to-ts';
import { id } from '../schema-members.ts';

/** Body of `POST /jobs/supply-monitor`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Supply monitor',
  description: 'Looks how long each medication lasts and has those checked that run low.',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'medications'],
  properties: {
    user_id: id,
    medications: {
      // One transaction ends the job: for each medication its record and the three items of a refill check.
      description: 'Medication ids.',
      type: 'array',
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      items: id,
    },
  },
} as const;

export type SupplyMonitor = FromSchema<typeof schema>;

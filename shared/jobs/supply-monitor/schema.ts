import type { FromSchema } from 'json-schema-to-ts';

const ID = '^[A-Za-z0-9_-]{1,64}$';

/** Body of `POST /jobs/supply-monitor`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Supply monitor',
  description: 'Looks how long each medication lasts and has those checked that run low.',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'medications'],
  properties: {
    user_id: { type: 'string', pattern: ID },
    medications: {
      description: 'Medication ids.',
      type: 'array',
      minItems: 1,
      maxItems: 25,
      uniqueItems: true,
      items: { type: 'string', pattern: ID },
    },
  },
} as const;

export type SupplyMonitor = FromSchema<typeof schema>;

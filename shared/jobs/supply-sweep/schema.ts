import type { FromSchema } from 'json-schema-to-ts';

/** Payload of a `supply-sweep`: whom it is about, by the beginnings of their refs. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Supply sweep',
  description: 'Has the supply of many users watched.',
  type: 'object',
  additionalProperties: false,
  required: ['prefixes'],
  properties: {
    prefixes: {
      description: 'Beginnings of keyed hashes of users; the empty one is everybody.',
      type: 'array',
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
      items: { type: 'string', pattern: '^[a-z0-9]{0,26}$' },
    },
  },
} as const;

export type SupplySweep = FromSchema<typeof schema>;

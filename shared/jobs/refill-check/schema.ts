import type { FromSchema } from 'json-schema-to-ts';
import { id } from '../schema-members.ts';

/** Body of `POST /jobs/refill-check`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Refill check',
  description: 'How long the counted supply of one medication lasts on its stored schedule.',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'medication_id', 'current_supply'],
  properties: {
    user_id: id,
    medication_id: id,
    current_supply: {
      description: 'Units on hand at the moment of the request, such as tablets.',
      type: 'number',
      minimum: 0,
      maximum: 1_000_000,
    },
    supply_source: {
      description: 'Set when a supply monitor computed the supply. Set by the service, refused when sent.',
      type: 'string',
      enum: ['estimated'],
      readOnly: true,
    },
  },
} as const;

export type RefillCheck = FromSchema<typeof schema>;

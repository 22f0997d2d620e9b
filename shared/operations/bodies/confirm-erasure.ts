import type { FromSchema } from 'json-schema-to-ts';

/** Body of `POST /users/{user_id}/erasure/confirmation`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Confirmation of an erasure',
  description: 'Names the request that is confirmed, so that no other one is.',
  type: 'object',
  additionalProperties: false,
  required: ['erasure_id'],
  properties: {
    erasure_id: {
      description: 'As the request for the erasure was answered.',
      type: 'string',
      pattern: '^[0-9A-HJKMNP-TV-Z]{26}$',
    },
  },
} as const;

export type ConfirmErasureBody = FromSchema<typeof schema>;

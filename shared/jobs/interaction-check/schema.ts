import type { FromSchema } from 'json-schema-to-ts';
import { LEVELS } from '../../clinical/interactions/index.ts';
import { id } from '../schema-members.ts';

/** Body of `POST /api/v1/jobs/interaction-check`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'medications'],
  properties: {
    user_id: id,
    medications: {
      type: 'array',
      minItems: 1,
      maxItems: 30,
      description:
        'Each as written by the caller: ingredient, brand or combination, with or without strength.',
      items: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        // Something that can be seen, and no control character.
        pattern: '^(?=.*[^\\s\\p{Default_Ignorable_Code_Point}\\u2800])[^\\p{Cc}]*$',
      },
    },
    include_current: {
      description: 'True: the active medications on the user’s record join, read when the job runs.',
      type: 'boolean',
    },
    minimum_level: {
      description:
        'Keeps findings below it out of the list and counts them; never contraindicated or major ones.',
      type: 'string',
      enum: LEVELS,
    },
  },
} as const;

export type InteractionCheckPayload = FromSchema<typeof schema>;

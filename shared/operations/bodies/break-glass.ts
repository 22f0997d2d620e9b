import type { FromSchema } from 'json-schema-to-ts';
import { BREAK_GLASS_MINUTES, BREAK_GLASS_REASONS } from '../../evidence/break-glass.ts';
import { id } from '../../jobs/schema-members.ts';

/** Something that can be seen, and no control character: as everywhere, no line break either. */
export const WORDS_PATTERN = '^(?=.*[^\\s\\p{Default_Ignorable_Code_Point}])[^\\p{Cc}]*$';

/** Body of `POST /break-glass`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Emergency access',
  description:
    'Access to one patient to whom the caller has no relationship, for a short time. Somebody else judges it.',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'reason_code', 'reason'],
  properties: {
    user_id: { description: 'The patient.', ...id },
    reason_code: { type: 'string', enum: BREAK_GLASS_REASONS },
    reason: {
      description: 'Why, in words for whoever judges it. Stored encrypted.',
      type: 'string',
      minLength: 10,
      maxLength: 1000,
      pattern: WORDS_PATTERN,
    },
    minutes: {
      description: 'How long it is needed; as long as the deployment allows unless given.',
      type: 'integer',
      minimum: 1,
      maximum: BREAK_GLASS_MINUTES,
    },
  },
} as const;

export type BreakGlassBody = FromSchema<typeof schema>;

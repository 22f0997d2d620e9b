import type { FromSchema } from 'json-schema-to-ts';
import { BREAK_GLASS_VERDICTS } from '../../evidence/break-glass.ts';
import { WORDS_PATTERN } from './break-glass.ts';

/** Body of `POST /break-glass/{grant_id}/review`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Review of an emergency access',
  description: 'Whether it was justified, by somebody else than its holder.',
  type: 'object',
  additionalProperties: false,
  required: ['verdict', 'note'],
  properties: {
    verdict: { type: 'string', enum: BREAK_GLASS_VERDICTS },
    note: {
      description: 'What the verdict rests on. Stored encrypted.',
      type: 'string',
      minLength: 1,
      maxLength: 1000,
      pattern: WORDS_PATTERN,
    },
  },
} as const;

export type BreakGlassReviewBody = FromSchema<typeof schema>;

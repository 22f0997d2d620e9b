import type { FromSchema } from 'json-schema-to-ts';
import { HOLD_REASONS } from '../../jobs/ports.ts';

/** Body of `POST /users/{user_id}/erasure`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Decision about an erasure',
  description: 'Confirms a request for an erasure, places a legal hold, or lifts it.',
  type: 'object',
  additionalProperties: false,
  required: ['decision'],
  properties: {
    decision: { type: 'string', enum: ['confirm', 'hold', 'lift_hold'] },
    erasure_id: {
      description:
        'Of `confirm`, and of nothing else: the request that is confirmed, so that no other one is.',
      type: 'string',
      pattern: '^[0-9A-HJKMNP-TV-Z]{26}$',
    },
    reason: {
      description: 'Of `hold`, and of nothing else: why the records must not be destroyed.',
      type: 'string',
      enum: HOLD_REASONS,
    },
  },
} as const;

export type ErasureDecisionBody = FromSchema<typeof schema>;

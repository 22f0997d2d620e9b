import type { FromSchema } from 'json-schema-to-ts';
import { HOLD_REASONS } from '../../jobs/ports.ts';

/** Body of `PUT /users/{user_id}/legal-hold`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Legal hold',
  description: 'Why the records of a user must not be destroyed.',
  type: 'object',
  additionalProperties: false,
  required: ['reason'],
  properties: { reason: { type: 'string', enum: HOLD_REASONS } },
} as const;

export type LegalHoldBody = FromSchema<typeof schema>;

import type { FromSchema } from 'json-schema-to-ts';
import { id, ownInstant } from '../schema-members.ts';

/** Payload of the job that tells of one emergency access. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Notice of an emergency access',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'grant_id', 'role', 'granted_at', 'expires_at'],
  properties: {
    user_id: id,
    grant_id: id,
    role: { type: 'string' },
    granted_at: ownInstant,
    expires_at: ownInstant,
  },
} as const;

export type BreakGlassNotice = FromSchema<typeof schema>;

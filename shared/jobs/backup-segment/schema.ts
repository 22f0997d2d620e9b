import type { FromSchema } from 'json-schema-to-ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['prefix', 'table', 'segment', 'of'],
  properties: {
    prefix: { type: 'string', minLength: 1, maxLength: 320, pattern: '^[A-Za-z0-9._=/-]+$' },
    table: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,31}$' },
    segment: { type: 'integer', minimum: 0, maximum: 99 },
    of: { type: 'integer', minimum: 1, maximum: 100 },
  },
} as const;

export type BackupSegmentPayload = FromSchema<typeof schema>;

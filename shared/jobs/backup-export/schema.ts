import type { FromSchema } from 'json-schema-to-ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['prefix', 'table'],
  properties: {
    prefix: { type: 'string', minLength: 1, maxLength: 320, pattern: '^[A-Za-z0-9._=/-]+$' },
    table: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,31}$' },
    look: {
      type: 'object',
      additionalProperties: false,
      required: ['export_arn', 'number'],
      description: 'Present: looks once how far that export has come. Absent: carries an export through.',
      properties: {
        export_arn: { type: 'string', minLength: 1, maxLength: 1024 },
        number: { type: 'integer', minimum: 1, maximum: 1000 },
      },
    },
  },
} as const;

export type BackupExportPayload = FromSchema<typeof schema>;

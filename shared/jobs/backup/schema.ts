import type { FromSchema } from 'json-schema-to-ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['backup_type', 'storage_config'],
  properties: {
    backup_type: {
      type: 'string',
      minLength: 1,
      maxLength: 32,
      description: '`full`, `incremental` or `differential`',
    },
    storage_config: {
      type: 'object',
      additionalProperties: false,
      required: ['type', 'path'],
      properties: {
        type: { type: 'string', minLength: 1, maxLength: 32, description: '`s3`' },
        path: {
          type: 'string',
          minLength: 1,
          maxLength: 256,
          description: "Relative prefix inside the deployment's backup bucket, like `daily/2026-03-01`.",
        },
      },
    },
  },
} as const;

export type BackupPayload = FromSchema<typeof schema>;

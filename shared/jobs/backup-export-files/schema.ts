import type { FromSchema } from 'json-schema-to-ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['table', 'folder', 'exported_at', 'from', 'until'],
  properties: {
    table: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,31}$' },
    folder: { type: 'string', minLength: 1, maxLength: 512, pattern: '^[A-Za-z0-9._=/-]+/$' },
    exported_at: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$' },
    from: { type: 'integer', minimum: 0 },
    until: { type: 'integer', minimum: 0 },
  },
} as const;

export type BackupExportFilesPayload = FromSchema<typeof schema>;

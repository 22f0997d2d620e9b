import type { FromSchema } from 'json-schema-to-ts';
import { importLine, importTerms } from '../intake/import-order.ts';

/** Payload of an `import-chunk`: some lines of one import. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Import chunk',
  description: 'Brings some of the schedules of an import.',
  type: 'object',
  additionalProperties: false,
  required: ['import_id', 'accepted_at', 'role', 'submitted_by', 'lines'],
  properties: {
    import_id: { type: 'string', pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' },
    ...importTerms,
    lines: { type: 'array', minItems: 1, maxItems: 2000, items: importLine },
  },
} as const;

export type ImportChunk = FromSchema<typeof schema>;

import type { FromSchema } from 'json-schema-to-ts';
import { importLine, importTerms } from '../intake/import-order.ts';

/** Payload of an `import`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Import',
  description: 'Brings many schedules at once.',
  type: 'object',
  additionalProperties: false,
  required: ['format', 'role', 'submitted_by', 'lines'],
  properties: {
    format: { type: 'string', enum: ['ndjson', 'fhir'] },
    role: importTerms.role,
    submitted_by: importTerms.submitted_by,
    lines: { type: 'array', minItems: 1, maxItems: 2000, items: importLine },
  },
} as const;

export type Import = FromSchema<typeof schema>;

import type { FromSchema } from 'json-schema-to-ts';

/** Payload of an `import`: what was sent, in numbers, and the jobs that carry its lines. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Import',
  description: 'Many schedules that came in one request.',
  type: 'object',
  additionalProperties: false,
  required: ['format', 'chunks'],
  properties: {
    format: { type: 'string', enum: ['ndjson', 'fhir'] },
    chunks: {
      description: 'The chunks in the order of their lines.',
      type: 'array',
      minItems: 1,
      maxItems: 30,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['job_id', 'accepted', 'rejected'],
        properties: {
          job_id: { type: 'string' },
          accepted: { type: 'integer', minimum: 0, maximum: 30 },
          rejected: { type: 'integer', minimum: 0, maximum: 30 },
        },
      },
    },
  },
} as const;

export type Import = FromSchema<typeof schema>;

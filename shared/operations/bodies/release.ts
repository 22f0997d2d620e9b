import type { FromSchema } from 'json-schema-to-ts';

/** Body of `POST /jobs/{job_id}/release`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Release to the patient',
  description: 'What of a check the patient is told. It replaces what was released of it before.',
  type: 'object',
  additionalProperties: false,
  required: ['findings'],
  properties: {
    findings: {
      description: 'Ids of findings in the result, or "all" that it lists now.',
      anyOf: [
        { type: 'string', enum: ['all'] },
        {
          type: 'array',
          minItems: 1,
          maxItems: 200,
          uniqueItems: true,
          items: { type: 'string', minLength: 1, maxLength: 500 },
        },
      ],
    },
    note: {
      description:
        'For the patient, in the professional’s words; shown beside the findings. Stored encrypted.',
      type: 'string',
      minLength: 1,
      maxLength: 2000,
      // Something that can be seen, and no control character: as everywhere, no line break either.
      pattern: '^(?=.*[^\\s\\p{Default_Ignorable_Code_Point}])[^\\p{Cc}]*$',
    },
  },
} as const;

export type ReleaseBody = FromSchema<typeof schema>;

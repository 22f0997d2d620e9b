import type { JsonObject, MedicationBody } from '../ports.ts';

/** As many lines as one transaction can make jobs of. */
export const LINES_PER_CHUNK = 30;

/** Payload of an `import-chunk`: lines that were checked when the import was accepted. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Import chunk',
  description: 'Some lines of an import.',
  type: 'object',
  additionalProperties: false,
  required: ['lines'],
  properties: {
    lines: {
      type: 'array',
      minItems: 1,
      maxItems: LINES_PER_CHUNK,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['line'],
        properties: {
          line: { description: 'Number of the line, or of the entry of a bundle, from 1.', type: 'integer', minimum: 1 },
          reminder: { description: 'Completed body of the job that it becomes.', type: 'object' },
          facts: { description: 'What it tells of the medication.', type: 'object' },
          problems: {
            description: 'Why it was rejected.',
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['pointer', 'code', 'detail'],
              properties: {
                pointer: { type: 'string' },
                code: { type: 'string' },
                detail: { type: 'string' },
              },
            },
          },
        },
      },
    },
  },
} as const;

/** What a line may tell of a medication beside its schedule. */
export type ImportedFacts = Omit<MedicationBody, 'userId' | 'medicationId' | 'lastSnapshot'>;

/** A line becomes a reminder, or has problems. Written out: a schema says nothing of what is in `reminder`. */
export type ChunkLine = {
  readonly line: number;
  readonly reminder?: JsonObject & { readonly user_id: string; readonly medication_id: string };
  readonly facts?: ImportedFacts;
  readonly problems?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
};

export type ImportChunk = { readonly lines: readonly ChunkLine[] };

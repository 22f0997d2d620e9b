import type { FromSchema } from 'json-schema-to-ts';
import { ownInstant } from '../schema-members.ts';

export const IMPORT_KIND = 'import';
export const CHUNK_KIND = 'import-chunk';

/** Keyed hash of a user or a caller. */
const ref = { type: 'string', pattern: '^[a-z0-9]{1,64}$' } as const;

/**
 * What a job needs to know of one line: where it stands, and what was decided when it came. What the line says is a
 * record under the line's own user; nothing of it is in here.
 */
export const importLine = {
  type: 'object',
  additionalProperties: false,
  required: ['line'],
  properties: {
    line: {
      description: 'Its number in the body, or of its entry in the Bundle.',
      type: 'integer',
      minimum: 1,
    },
    owner: { description: 'Whose it is. Absent: it has a fault.', ...ref },
    superseded_by: {
      description: 'The line about the same medication that counts.',
      type: 'integer',
      minimum: 1,
    },
    fault: {
      description: 'Why it could not be looked at.',
      type: 'object',
      additionalProperties: false,
      required: ['pointer', 'code'],
      properties: {
        pointer: { type: 'string', maxLength: 64 },
        code: { type: 'string', pattern: '^[a-z_]{1,40}$' },
      },
    },
  },
} as const;

/** What every job of an import is told besides its lines. */
export const importTerms = {
  accepted_at: { description: 'When the import was accepted: replacements go by it.', ...ownInstant },
  role: {
    description: 'The role in which it was submitted.',
    type: 'string',
    enum: ['clinician', 'pharmacist', 'admin', 'service'],
  },
  submitted_by: { description: 'Who submitted it, for the evidence.', ...ref },
} as const;

export type ImportLine = FromSchema<typeof importLine>;

/** Id of the record that holds a line. */
export const importLineId = (importId: string, line: number): string =>
  `${importId}#${String(line).padStart(6, '0')}`;

import type { FromSchema } from 'json-schema-to-ts';
import { instant } from '../../jobs/schema-members.ts';

/** A pseudonym, a part of the system, or whoever sent no valid token: as entries carry it; or a keyed hash, as rows do. */
export const ACTOR_REF_PATTERN = '^((\\d{4}-)?[a-z0-9]{26}|system:[a-z-]{1,40}|anonymous)$';

/** Body of `POST /audit/search`: the subject of a token may be a patient’s id, and has no place in a URL. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Search of the audit trail',
  description: 'Entries by somebody who acted, known by the subject of their tokens.',
  type: 'object',
  additionalProperties: false,
  required: ['actor_id'],
  properties: {
    actor_id: {
      description: 'The claim `sub` of their tokens.',
      type: 'string',
      minLength: 1,
      maxLength: 255,
    },
    from: { description: 'Entries of then or later; 30 days before `to` unless given.', ...instant },
    to: { description: 'Entries of before; now unless given.', ...instant },
    limit: { description: '50 unless given.', type: 'integer', minimum: 1, maximum: 100 },
    cursor: {
      description: 'The next_cursor of the page before.',
      type: 'string',
      pattern: '^[\\w-]{1,600}$',
    },
    format: { description: 'FHIR R4 AuditEvents in a Bundle, or JSON.', enum: ['json', 'fhir'] },
  },
} as const;

export type AuditSearchBody = FromSchema<typeof schema>;

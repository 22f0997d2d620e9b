import type { FromSchema } from 'json-schema-to-ts';

const ID = '^[A-Za-z0-9_-]{1,64}$';
const INSTANT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$';

/** The order to tell one dose. Made by the tick and by the job that sets a schedule, never by a request. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Reminder delivery',
  description: 'Tells one due dose to the topic and the event bus.',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'medication_id', 'occurrence_id', 'schedule_revision', 'due_at', 'expires_at'],
  properties: {
    user_id: { type: 'string', pattern: ID },
    medication_id: { type: 'string', pattern: ID },
    occurrence_id: {
      description: 'Local date, keyed hash of the medication, slot.',
      type: 'string',
      maxLength: 160,
      pattern: '^\\d{4}-\\d{2}-\\d{2}#[^#\\s]{1,128}#\\d{2}:\\d{2}([+-]\\d{2}:\\d{2})?$',
    },
    schedule_revision: { type: 'integer', minimum: 1 },
    due_at: { type: 'string', pattern: INSTANT },
    expires_at: { type: 'string', pattern: INSTANT },
  },
} as const;

export type ReminderDelivery = FromSchema<typeof schema>;

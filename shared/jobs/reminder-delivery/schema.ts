import type { FromSchema } from 'json-schema-to-ts';
import { id, ownInstant } from '../schema-members.ts';

/** The order to tell one dose, or one more message about it. Made by the service itself, never by a request. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Reminder delivery',
  description: 'Tells one due dose, or one more message about it, to the topic and the event bus.',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'medication_id', 'occurrence_id', 'schedule_revision', 'due_at', 'expires_at'],
  properties: {
    user_id: id,
    medication_id: id,
    occurrence_id: {
      description: 'Local date, slot, keyed hash of the medication.',
      type: 'string',
      maxLength: 160,
      pattern: '^\\d{4}-\\d{2}-\\d{2}_\\d{4}([EW]\\d{4})?_[A-Za-z0-9_-]{1,128}$',
    },
    schedule_revision: { type: 'integer', minimum: 1 },
    due_at: { description: 'When the dose is due.', ...ownInstant },
    expires_at: { description: 'From then on nothing about the dose is sent.', ...ownInstant },
    purpose: {
      description: 'Absent: it tells the dose.',
      type: 'string',
      enum: ['dose', 'follow_up', 'escalation', 'needs_confirmation'],
    },
    number: {
      description: 'Which follow-up; one without a number ends a snooze.',
      type: 'integer',
      minimum: 1,
      maximum: 3,
    },
    cause: {
      description: 'Why a caregiver is told.',
      type: 'string',
      enum: ['unanswered', 'undelivered', 'not_sent'],
    },
    put_off_at: {
      description: 'Of an escalation after a snooze: when the person said so.',
      ...ownInstant,
    },
    tell_at: { description: 'When the message is due, if not with the dose.', ...ownInstant },
  },
} as const;

export type ReminderDelivery = FromSchema<typeof schema>;

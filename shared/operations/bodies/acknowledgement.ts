import type { FromSchema } from 'json-schema-to-ts';
import { instant, text } from '../../jobs/schema-members.ts';

/** Why a dose is left out. `other` says nothing by itself: the text beside it does. */
export const SKIP_REASONS = [
  'side_effects',
  'felt_unwell',
  'told_to_skip',
  'no_supply',
  'not_needed',
  'fasting_or_procedure',
  'asleep',
  'away',
  'other',
] as const;

/** Body of `POST /users/{user_id}/reminders/{reminder_id}/acknowledgement`. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Acknowledgement',
  description: 'What a person says about one dose.',
  type: 'object',
  additionalProperties: false,
  required: ['status'],
  properties: {
    status: {
      description: 'confirmed: a dose that is held is to be told.',
      type: 'string',
      enum: ['taken', 'skipped', 'snoozed', 'confirmed'],
    },
    at: { description: 'When it was; now unless given, never in the future.', ...instant },
    reason: {
      description: 'Required for skipped, allowed for nothing else.',
      type: 'object',
      additionalProperties: false,
      required: ['code'],
      properties: {
        code: { type: 'string', enum: SKIP_REASONS },
        text: { description: 'Stored encrypted.', ...text(500) },
      },
    },
    snooze_until: {
      description: 'Required for snoozed: later than now, before the end of the window of the dose.',
      ...instant,
    },
    correction: {
      description: 'True: replaces what the same person said before (taken or skipped).',
      type: 'boolean',
    },
  },
} as const;

export type AcknowledgementBody = FromSchema<typeof schema>;

import type { FromSchema } from 'json-schema-to-ts';
import { CAREGIVER_SCOPES } from '../../evidence/caregiver-scopes.ts';
import { id } from '../../jobs/schema-members.ts';
import { CODE_PATTERN } from './code-pattern.ts';
import { consentTerms } from './consent-terms.ts';

const zone = { type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_+:/-]+$' } as const;
const clockTime = { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' } as const;

/** Body of `PUT /users/{user_id}/preferences`. It replaces the whole: what is left out takes its default. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Preferences',
  description: 'What a user wishes of reminders.',
  type: 'object',
  additionalProperties: false,
  properties: {
    time_zone: { description: 'IANA zone at home.', ...zone },
    current_time_zone: { description: 'IANA zone of the present stay, while travelling.', ...zone },
    follow: {
      description: 'Which of the two schedules without a zone of their own are read in; home unless given.',
      type: 'string',
      enum: ['home', 'current'],
    },
    meal_times: {
      description: 'Local clock times, HH:MM.',
      type: 'object',
      additionalProperties: false,
      properties: { breakfast: clockTime, lunch: clockTime, dinner: clockTime },
    },
    quiet_hours: {
      description: 'From "from" until before "to", HH:MM; crosses midnight when "to" is the earlier one.',
      type: 'object',
      additionalProperties: false,
      required: ['from', 'to'],
      properties: { from: clockTime, to: clockTime },
    },
    channels: {
      description: 'Codes of channels, the preferred one first.',
      type: 'array',
      maxItems: 10,
      uniqueItems: true,
      items: { type: 'string', pattern: CODE_PATTERN },
    },
    message_names_medication: {
      description: 'Whether messages may name the medication; false unless given.',
      type: 'boolean',
    },
    caregivers: {
      description: 'Each grant stays in the list: it is revoked or ends, and is never taken out.',
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['caregiver_id', 'scope'],
        properties: {
          caregiver_id: id,
          scope: {
            type: 'array',
            minItems: 1,
            maxItems: CAREGIVER_SCOPES.length,
            uniqueItems: true,
            items: { type: 'string', enum: CAREGIVER_SCOPES },
          },
          ...consentTerms,
        },
      },
    },
  },
} as const;

export type PreferencesBody = FromSchema<typeof schema>;

import type { FromSchema } from 'json-schema-to-ts';

const ID = '^[A-Za-z0-9_-]{1,64}$';
/** No control characters. */
const TEXT = '^[^\\u0000-\\u001F\\u007F-\\u009F]+$';

/** Body of `POST /jobs/medication-reminder`. What is optional is completed by the business rules. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Medication reminder',
  description: 'Sets the schedule of one medication: reminders are sent at its local times from then on.',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'medication_id', 'schedule'],
  properties: {
    user_id: { type: 'string', pattern: ID },
    medication_id: { type: 'string', pattern: ID },
    schedule: {
      type: 'object',
      additionalProperties: false,
      required: ['frequency'],
      properties: {
        frequency: {
          description: 'QD, BID, TID, QID, Q8H, daily, "3 times a day", QOD, weekly … in any case.',
          type: 'string',
          minLength: 1,
          maxLength: 64,
          pattern: TEXT,
        },
        times: {
          description: 'Local clock times, HH:MM. Empty or absent only for hourly frequencies.',
          type: 'array',
          maxItems: 24,
          items: { type: 'string', minLength: 1, maxLength: 8, pattern: TEXT },
        },
        time_zone: {
          description: 'IANA zone. Without it the user’s stored zone, then the deployment’s.',
          type: 'string',
          minLength: 1,
          maxLength: 64,
          pattern: '^[A-Za-z0-9_+:/-]+$',
        },
        start_date: {
          description: 'First local date; today unless given.',
          type: 'string',
          pattern: '^\\d{4}-\\d{2}-\\d{2}$',
        },
        end_date: {
          description: 'Last local date, inclusive.',
          type: 'string',
          pattern: '^\\d{4}-\\d{2}-\\d{2}$',
        },
        anchor: {
          description: 'From when elapsed hours count: local YYYY-MM-DDTHH:MM, or with an offset.',
          type: 'string',
          pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:00(\\.0{1,3})?)?(Z|[+-]\\d{2}:\\d{2})?$',
        },
        weekdays: {
          type: 'array',
          minItems: 1,
          maxItems: 7,
          uniqueItems: true,
          items: { type: 'string', enum: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] },
        },
        cycle: {
          type: 'object',
          additionalProperties: false,
          required: ['days_on', 'days_off'],
          properties: {
            days_on: { type: 'integer', minimum: 1, maximum: 366 },
            days_off: { type: 'integer', minimum: 1, maximum: 366 },
          },
        },
        month_rule: {
          description: 'A month without the start date’s day: its last day, or no dose. Default clamp.',
          type: 'string',
          enum: ['clamp', 'skip'],
        },
        time_zone_source: {
          description: 'Where the zone came from. Set by the service, refused when sent.',
          type: 'string',
          enum: ['request', 'user', 'default'],
          readOnly: true,
        },
      },
    },
  },
} as const;

export type MedicationReminder = FromSchema<typeof schema>;

import type { FromSchema } from 'json-schema-to-ts';
import { id, localDate, medicationName, text } from '../schema-members.ts';

/** Body of `POST /jobs/medication-reminder`. What is optional is completed by the business rules. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Medication reminder',
  description: 'Sets the schedule of one medication: reminders are sent at its local times from then on.',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'medication_id', 'schedule'],
  properties: {
    user_id: id,
    medication_id: id,
    schedule: {
      type: 'object',
      additionalProperties: false,
      required: ['frequency'],
      properties: {
        frequency: {
          description:
            'daily, BID, TID, QID, Q8H, "3 times a day", "every 2 days", weekly, "mon,wed,fri", PRN, STAT … in any case.',
          ...text(64),
        },
        times: {
          description:
            'Local clock times, HH:MM. Absent: the deployment’s default times. Empty only for hourly frequencies, PRN and STAT.',
          type: 'array',
          maxItems: 24,
          items: text(8),
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
          ...localDate,
        },
        end_date: {
          description: 'Last local date, inclusive.',
          ...localDate,
        },
        anchor: {
          description:
            'From when elapsed hours count, or when a single dose is due: local YYYY-MM-DDTHH:MM, or with an offset.',
          type: 'string',
          pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:00(\\.0{1,3})?)?(Z|[+-]\\d{2}:\\d{2})?$',
        },
        weekdays: {
          description: 'For daily and weekly frequencies: doses only on these days.',
          type: 'array',
          minItems: 1,
          maxItems: 7,
          uniqueItems: true,
          items: { type: 'string', enum: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] },
        },
        cycle: {
          description: 'Days with and without doses in turn, from the start date; for daily frequencies.',
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
        medication_name: {
          description:
            'Name with strength and form, or RxCUI. High-alert medications are recognised by it; without it they are not.',
          ...medicationName,
        },
        dose_units: {
          description: 'Units of one dose: tablets, millilitres, puffs.',
          type: 'number',
          minimum: 0.001,
          maximum: 10000,
        },
        max_doses_per_day: {
          description: 'Only for doses as needed.',
          type: 'integer',
          minimum: 1,
          maximum: 24,
        },
        follow_up: {
          description: 'Reminders after the first one while nobody has answered.',
          type: 'object',
          additionalProperties: false,
          required: ['count', 'every_minutes'],
          properties: {
            count: { type: 'integer', minimum: 0, maximum: 3 },
            every_minutes: { type: 'integer', minimum: 5, maximum: 30 },
          },
        },
        escalate_after_minutes: {
          description:
            'Minutes after a dose was told when the caregiver is told of it, if nobody has answered.',
          type: 'integer',
          minimum: 5,
          maximum: 720,
        },
        late_window_minutes: {
          description:
            'Minutes after the due time in which a dose may still be told. Default: half the interval, at most 720.',
          type: 'integer',
          minimum: 5,
          maximum: 720,
        },
        critical: {
          description: 'A dose that must not be missed.',
          type: 'boolean',
        },
        override_reason: {
          description:
            'Why a clinician or pharmacist has a high-alert medication used more often than it may be. Audited.',
          ...text(500),
          minLength: 10,
        },
        start_date_source: {
          description:
            'default: no start date was sent, the schedule begins at once. Set by the service, refused when sent.',
          type: 'string',
          enum: ['default'],
          readOnly: true,
        },
        times_source: {
          description: 'Where the clock times came from. Set by the service, refused when sent.',
          type: 'string',
          enum: ['request', 'default', 'meal_times'],
          readOnly: true,
        },
        high_alert: {
          description:
            'What the check of high-alert medications found. Set by the service, refused when sent.',
          type: 'string',
          enum: ['passed', 'not_checked', 'overridden'],
          readOnly: true,
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

import type { FromSchema } from 'json-schema-to-ts';
import { localDate, medicationName } from '../../jobs/schema-members.ts';

/** Body of `PUT /users/{user_id}/medications/{medication_id}`. What is left out is not known any more. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Medication',
  description: 'What is known of one medication of a user. Name or RxCUI is required.',
  type: 'object',
  additionalProperties: false,
  properties: {
    name: {
      description: 'Ingredient, brand or combination, with or without strength and form.',
      ...medicationName,
    },
    rxcui: { description: 'Concept of RxNorm.', type: 'string', pattern: '^[1-9]\\d{0,7}$' },
    dose_units: { description: 'Units of one dose.', type: 'number', minimum: 0.001, maximum: 10_000 },
    last_fill_date: { description: 'Local date of the last dispensing.', ...localDate },
    days_supply: { description: 'Days that it was for.', type: 'integer', minimum: 1, maximum: 3660 },
    refills_left: { type: 'integer', minimum: 0, maximum: 999 },
    issued_on: { description: 'Local date of the prescription.', ...localDate },
    dea_schedule: {
      description: 'Schedule of the Controlled Substances Act.',
      type: 'string',
      enum: ['II', 'III', 'IV', 'V'],
    },
    discard_after_days: {
      description: 'Days from the last fill after which what is left is thrown away.',
      type: 'integer',
      minimum: 1,
      maximum: 3660,
    },
    max_doses_per_day: { type: 'integer', minimum: 1, maximum: 100 },
    status: {
      description:
        'paused: the schedule goes on, nothing is sent. stopped: as DELETE. Left out: as it stands.',
      type: 'string',
      enum: ['active', 'paused', 'stopped'],
    },
  },
} as const;

export type MedicationWishes = FromSchema<typeof schema>;

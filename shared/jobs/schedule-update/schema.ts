import type { FromSchema } from 'json-schema-to-ts';
import { id } from '../schema-members.ts';

/** Payload of a `schedule-update`: whose schedules are to be read anew, and what gave the occasion. */
export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Schedule update',
  description: 'Reads the schedules of one user in the zone and by the zone data that hold now.',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'reason'],
  properties: {
    user_id: id,
    reason: {
      description: 'zone: the user follows another zone. tzdata: the rules of zones have changed.',
      type: 'string',
      enum: ['zone', 'tzdata'],
    },
  },
} as const;

export type ScheduleUpdate = FromSchema<typeof schema>;

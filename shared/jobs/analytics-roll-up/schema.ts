import type { FromSchema } from 'json-schema-to-ts';
import { instant } from '../schema-members.ts';

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['time_range', 'metrics_types'],
  properties: {
    time_range: {
      type: 'object',
      additionalProperties: false,
      required: ['start', 'end'],
      properties: { start: instant, end: instant },
      description:
        'Half-open: `start` belongs to the window, `end` to the next one. At most 31 days; 366 when it is made of whole local days.',
    },
    metrics_types: {
      type: 'array',
      minItems: 1,
      maxItems: 16,
      uniqueItems: true,
      items: { type: 'string', minLength: 1, maxLength: 64 },
    },
    time_zone: {
      type: 'string',
      minLength: 1,
      maxLength: 64,
      description:
        'IANA zone of local days, such as America/New_York; without it the zone of the deployment, else Etc/UTC.',
    },
  },
} as const;

export type AnalyticsRollUpPayload = FromSchema<typeof schema>;

import type { FromSchema } from 'json-schema-to-ts';

/** ISO 8601 date and time with an offset: `2026-03-01T00:00:00Z`, `2026-03-01T01:30:00.250+01:00`. */
const instant = {
  type: 'string',
  maxLength: 35,
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})$',
} as const;

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
      description: 'Half-open: `start` belongs to the window, `end` to the next one. At most 31 days.',
    },
    metrics_types: {
      type: 'array',
      minItems: 1,
      maxItems: 16,
      uniqueItems: true,
      items: { type: 'string', minLength: 1, maxLength: 64 },
    },
  },
} as const;

export type AnalyticsRollUpPayload = FromSchema<typeof schema>;

import type { AnalyticsRollUpPayload } from './schema.ts';

export const example: AnalyticsRollUpPayload = {
  time_range: { start: '2026-03-01T00:00:00Z', end: '2026-03-02T00:00:00Z' },
  metrics_types: ['jobs', 'security'],
};

import type { RestoreDrillPayload } from './schema.ts';

export const example: RestoreDrillPayload = { month: '2026-03' };

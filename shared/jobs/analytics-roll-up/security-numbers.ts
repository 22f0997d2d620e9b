import type { JsonObject } from '../ports.ts';
import type { Tally } from './tally.ts';
import { HOUR_MS, instantsOf, type TimeWindow } from './time-window.ts';

/** Refused requests by the step that refused them and its code, and uses of emergency access. */
export function securityNumbers(tally: Tally, window: TimeWindow): JsonObject {
  const steps = new Map<string, { readonly code: string; readonly count: number }[]>();
  for (const [key, count] of [...tally.sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [what, step = '', code = ''] = key.split('|');
    if (what === 'refusal') steps.set(step, [...(steps.get(step) ?? []), { code, count }]);
  }
  const hours = { startMs: firstHour(window.startMs), endMs: firstHour(window.endMs) };
  return {
    // The hours that begin in the window, so that days which follow each other hold each hour once.
    ...(hours.startMs !== window.startMs || hours.endMs !== window.endMs
      ? { hours_counted: instantsOf(hours) }
      : {}),
    refusals: tally.sum((key) => key.startsWith('refusal|')),
    by_step: [...steps].map(([step, byCode]) => ({
      step,
      refusals: byCode.reduce((sum, { count }) => sum + count, 0),
      by_code: byCode,
    })),
    break_glass: tally.sum((key) => key === 'break_glass'),
  };
}

const firstHour = (ms: number): number => Math.ceil(ms / HOUR_MS) * HOUR_MS;

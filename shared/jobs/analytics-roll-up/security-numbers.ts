import type { JsonObject } from '../ports.ts';
import type { Tally } from './tally.ts';

/** Refused requests by the step that refused them and its code, and uses of emergency access. */
export function securityNumbers(tally: Tally): JsonObject {
  const steps = new Map<string, { readonly code: string; readonly count: number }[]>();
  for (const [key, count] of [...tally.sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [what, step = '', code = ''] = key.split('|');
    if (what === 'refusal') steps.set(step, [...(steps.get(step) ?? []), { code, count }]);
  }
  return {
    refusals: tally.sum((key) => key.startsWith('refusal|')),
    by_step: [...steps].map(([step, byCode]) => ({
      step,
      refusals: byCode.reduce((sum, { count }) => sum + count, 0),
      by_code: byCode,
    })),
    break_glass: tally.sum((key) => key === 'break_glass'),
  };
}

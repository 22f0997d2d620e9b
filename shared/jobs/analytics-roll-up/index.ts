import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { rules } from './rules.ts';
import { type AnalyticsRollUpPayload, schema } from './schema.ts';

/** Counts, rates and percentiles of the jobs that ended in a window, by kind and priority. */
export const analyticsRollUp = defineJobKind<AnalyticsRollUpPayload>()({
  name: 'analytics-roll-up',
  public: true,
  schema,
  priorities: ['LOW', 'MEDIUM'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 90,
  executionObjective: {
    ms: 60_000,
    reason: 'It reads every outcome of a window of up to 31 days; nobody waits for it.',
  },
  submitRoles: ['analyst', 'operator', 'admin', 'service'],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules,
  process,
  example,
});

import { defineJobKind } from '../define-job-kind.ts';
import { analystView } from './analyst-view.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { rules } from './rules.ts';
import { type AnalyticsRollUpPayload, schema } from './schema.ts';

/** Numbers of a window: jobs, security, and what became of people's doses, checks and therapies. */
export const analyticsRollUp = defineJobKind<AnalyticsRollUpPayload>()({
  name: 'analytics-roll-up',
  public: true,
  schema,
  priorities: ['LOW', 'MEDIUM'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 90,
  executionObjective: {
    ms: 60_000,
    reason: 'It reads every row of a window of up to 31 days that has no records yet; nobody waits for it.',
  },
  submitRoles: ['analyst', 'operator', 'admin', 'service'],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules,
  process,
  uses: ['records.range'],
  analystView,
  example,
});

import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { rules } from './rules.ts';
import { type SupplyMonitor, schema } from './schema.ts';

/** Watches the supply of several medications. */
export const supplyMonitor = defineJobKind<SupplyMonitor>()({
  name: 'supply-monitor',
  public: true,
  schema,
  priorities: ['HIGH', 'MEDIUM', 'LOW'],
  defaultPriority: 'MEDIUM',
  timeBudgetSeconds: 4,
  executionObjective: { ms: 1000, reason: 'The latency threshold of the specification.' },
  submitRoles: ['patient', 'caregiver', 'clinician', 'pharmacist', 'service'],
  userIdOf: (payload) => payload.user_id,
  factKeys: () => [],
  rules,
  process,
  uses: ['publisher', 'records.range'],
  example,
});

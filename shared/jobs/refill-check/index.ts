import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { factKeys, rules } from './rules.ts';
import { type RefillCheck, schema } from './schema.ts';

/** Says how long the supply of a medication lasts, and keeps the count as a snapshot. */
export const refillCheck = defineJobKind<RefillCheck>()({
  name: 'refill-check',
  public: true,
  schema,
  priorities: ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'],
  defaultPriority: 'MEDIUM',
  timeBudgetSeconds: 3,
  executionObjective: { ms: 1000, reason: 'The latency threshold of the specification.' },
  submitRoles: ['patient', 'caregiver', 'clinician', 'pharmacist', 'service'],
  userIdOf: (payload) => payload.user_id,
  factKeys,
  rules,
  process,
  example,
});

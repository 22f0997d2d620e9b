import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { factKeys, rules } from './rules.ts';
import { type MedicationReminder, schema } from './schema.ts';

/** Sets a medication's schedule; reminders follow from it. */
export const medicationReminder = defineJobKind<MedicationReminder>()({
  name: 'medication-reminder',
  public: true,
  schema,
  priorities: ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'],
  defaultPriority: 'HIGH',
  timeBudgetSeconds: 3,
  executionObjective: { ms: 1000, reason: 'The latency threshold of the specification.' },
  submitRoles: ['patient', 'caregiver', 'clinician', 'pharmacist', 'service'],
  userIdOf: (payload) => payload.user_id,
  factKeys,
  rules,
  process,
  uses: ['records.range'],
  example,
});

import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { answersFor } from './not-sent.ts';
import { process } from './process.ts';
import { rules } from './rules.ts';
import { type ReminderDelivery, schema } from './schema.ts';

/**
 * Tells one due dose, or one more message about it: never before its time, never after its window, once except after a
 * crash.
 */
export const reminderDelivery = defineJobKind<ReminderDelivery>()({
  name: 'reminder-delivery',
  public: false,
  schema,
  priorities: ['CRITICAL'],
  defaultPriority: 'CRITICAL',
  timeBudgetSeconds: 3,
  executionObjective: { ms: 1000, reason: 'The latency threshold of the specification.' },
  submitRoles: [],
  userIdOf: (payload) => payload.user_id,
  factKeys: () => [],
  rules,
  process,
  uses: ['publisher', 'recordIntentWhile', 'records.range'],
  answersFor,
  example,
});

import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type BreakGlassNotice, schema } from './schema.ts';

/** Internal: tells that emergency access to a patient was opened. Accepted with the grant itself. */
export const breakGlassNotice = defineJobKind<BreakGlassNotice>()({
  name: 'break-glass-notice',
  public: false,
  schema,
  priorities: ['HIGH'],
  defaultPriority: 'HIGH',
  timeBudgetSeconds: 10,
  executionObjective: { ms: 1000, reason: 'The latency threshold of the specification.' },
  submitRoles: [],
  userIdOf: (payload) => payload.user_id,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  uses: ['publisher'],
  example,
});

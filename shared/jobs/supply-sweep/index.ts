import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type SupplySweep, schema } from './schema.ts';

/** Internal: has everybody's supply watched, once a day, in pages that are jobs of this kind as well. */
export const supplySweep = defineJobKind<SupplySweep>()({
  name: 'supply-sweep',
  public: false,
  schema,
  priorities: ['LOW'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 60,
  executionObjective: {
    ms: 5_000,
    reason: 'A page reads the medications of some two dozen users; nobody waits for it.',
  },
  submitRoles: [],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  uses: ['records.list', 'records.owners'],
  example,
});

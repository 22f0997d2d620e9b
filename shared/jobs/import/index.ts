import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type Import, schema } from './schema.ts';

/** Internal: one bulk move-in of schedules, made by `POST /imports`; it waits for its chunks. */
export const importKind = defineJobKind<Import>()({
  name: 'import',
  public: false,
  schema,
  priorities: ['LOW'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 10,
  executionObjective: { ms: 1000, reason: 'It adds up the counts of at most 30 chunks.' },
  submitRoles: [],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  example,
});

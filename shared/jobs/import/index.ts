import { defineJobKind } from '../define-job-kind.ts';
import { IMPORT_KIND } from '../intake/import-order.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type Import, schema } from './schema.ts';

/** Internal: brings the schedules of a body of `POST /imports`, in chunks. Made by that route only. */
export const importJob = defineJobKind<Import>()({
  name: IMPORT_KIND,
  public: false,
  schema,
  priorities: ['LOW'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 60,
  executionObjective: { ms: 5_000, reason: 'It seals up to 30 chunks; whoever moves in looks at progress.' },
  submitRoles: [],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  example,
});

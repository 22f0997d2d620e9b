import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type ImportChunk, schema } from './schema.ts';

/** Internal: some lines of an import. Made together with it. */
export const importChunk = defineJobKind<ImportChunk>()({
  name: 'import-chunk',
  public: false,
  schema,
  priorities: ['LOW'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 20,
  executionObjective: {
    ms: 5_000,
    reason: 'It seals up to 30 jobs of as many users, each under a secret of its own; nobody waits for it.',
  },
  submitRoles: [],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  example,
});

import { defineJobKind } from '../define-job-kind.ts';
import { CHUNK_KIND } from '../intake/import-order.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type ImportChunk, schema } from './schema.ts';

/** Internal: judges some lines of an import and makes their reminder jobs. Made by `import`, or by a larger chunk. */
export const importChunk = defineJobKind<ImportChunk>()({
  name: CHUNK_KIND,
  public: false,
  schema,
  priorities: ['LOW'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 60,
  executionObjective: {
    ms: 5_000,
    reason: 'It judges 25 schedules of as many users; whoever moves in looks at progress.',
  },
  submitRoles: [],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  example,
});

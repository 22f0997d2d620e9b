import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { rules, storage } from './rules.ts';
import { type BackupPayload, schema } from './schema.ts';

/** A full backup of the archive's tables to S3, in segments that run as child jobs. */
export const backup = defineJobKind<BackupPayload>()({
  name: 'backup',
  public: true,
  schema,
  priorities: ['LOW'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 60,
  executionObjective: {
    ms: 10_000,
    reason:
      'Its second round reads the results of all segments and writes the manifests; nobody waits for it.',
  },
  submitRoles: ['operator', 'admin', 'service'],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules,
  storage,
  process,
  uses: ['archive', 'exports'],
  example,
});

import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type BackupSegmentPayload, schema } from './schema.ts';

/** Internal: writes one segment of a backup. Made by `backup` only. */
export const backupSegment = defineJobKind<BackupSegmentPayload>()({
  name: 'backup-segment',
  public: false,
  schema,
  priorities: ['LOW'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 280,
  executionObjective: {
    ms: 240_000,
    reason: 'It streams its share of a whole table to S3; the backup that waits for it has hours.',
  },
  submitRoles: [],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  uses: ['archive'],
  example,
});

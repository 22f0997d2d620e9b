import { FILES_KIND } from '../archive/export-order.ts';
import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type BackupExportFilesPayload, schema } from './schema.ts';

/** Internal: takes files of an export into a backup. Made by `backup-export`, or by itself for a share of many files. */
export const backupExportFiles = defineJobKind<BackupExportFilesPayload>()({
  name: FILES_KIND,
  public: false,
  schema,
  priorities: ['LOW'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 280,
  executionObjective: {
    ms: 240_000,
    reason: 'It reads gigabytes of files for their checksums; the backup that waits for it has hours.',
  },
  submitRoles: [],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  uses: ['archive'],
  example,
});

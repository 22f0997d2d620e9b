import { EXPORT_KIND } from '../archive/export-order.ts';
import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type BackupExportPayload, schema } from './schema.ts';

/** Internal: one table of a full backup by DynamoDB's own export. Made by `backup`, and by itself for each look. */
export const backupExport = defineJobKind<BackupExportPayload>()({
  name: EXPORT_KIND,
  public: false,
  schema,
  priorities: ['LOW'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 60,
  executionObjective: {
    ms: 10_000,
    reason: 'It reads lists of files and the results of those that took them in; nobody waits for it.',
  },
  submitRoles: [],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  uses: ['archive', 'exports'],
  example,
});

import { runHandler } from '#functions/queue/run-handler.ts';
import { runBy } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { patientGrants } from '#functions/runtime/break-glass-parts.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import { auditLog, jobQueue, jobStore, recallIndex, recordStore } from '#functions/runtime/job-parts.ts';
import { largeResults } from '#functions/runtime/large-results.ts';
import { eraseStore, retentionSettingsOf } from '#functions/runtime/rights-parts.ts';
import { publisher } from '#functions/runtime/worker-parts.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { erasure } from './handler.ts';

const base = createBase('erasure', process.env);
const fields = createFieldKeys(base);
const cipher = fieldCipher(base, fields);
const records = recordStore(base, fields, cipher);
const parts = {
  ...base,
  store: jobStore(base, fields, cipher, largeResults(base)),
  recall: recallIndex(base, fields, cipher),
  records,
  schedules: records,
  erasing: eraseStore(base, fields),
  patientGrants: patientGrants(base, fields),
  kinds: kindsByName(),
  settings: retentionSettingsOf(base),
  queue: jobQueue(base),
  audit: auditLog(base, fields),
  publisher: publisher(base),
};

export const handler = runHandler(
  base,
  runBy(async () => erasure({ ...parts, refs: await fields.refs() })),
);

import { apiHandler } from '#functions/http/api-handler.ts';
import { apiDeps, servedBy } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import { auditLog, jobQueue, jobStore, queueRoom, recordStore } from '#functions/runtime/job-parts.ts';
import { complianceProbes } from '#functions/runtime/probes.ts';
import { callerParts } from '#functions/runtime/token-parts.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { importsApi } from './handler.ts';

const base = createBase('imports-api', process.env);
const fields = createFieldKeys(base);
const cipher = fieldCipher(base, fields);
const audit = auditLog(base, fields);
const records = recordStore(base, fields, cipher);
const parts = {
  ...base,
  audit,
  store: jobStore(base, fields, cipher),
  schedules: records,
  records,
  queue: jobQueue(base),
  hasRoom: queueRoom(base),
  kinds: kindsByName(),
  ...callerParts(base),
  probes: complianceProbes(fields),
};

export const handler = apiHandler(
  apiDeps(base, fields, audit),
  servedBy(async () => importsApi({ ...parts, refs: await fields.refs() })),
);

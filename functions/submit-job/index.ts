import { apiHandler } from '#functions/http/api-handler.ts';
import { apiDeps, servedBy } from '#functions/runtime/api-parts.ts';
import { countVariable, createBase } from '#functions/runtime/base.ts';
import { emergencyGrants } from '#functions/runtime/break-glass-parts.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import {
  auditLog,
  jobQueue,
  jobStore,
  queueRoom,
  recordStore,
  settingsOf,
} from '#functions/runtime/job-parts.ts';
import { complianceProbes } from '#functions/runtime/probes.ts';
import { callerParts } from '#functions/runtime/token-parts.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { submitJob } from './handler.ts';

const base = createBase('submit-job', process.env);
const fields = createFieldKeys(base);
const cipher = fieldCipher(base, fields);
const name = base.variable('JOB_KIND');
const kind = PUBLIC_KINDS.find((one) => one.name === name);
if (!kind) throw new Error(`JOB_KIND names no public job kind: ${name}`);

const audit = auditLog(base, fields);
const parts = {
  ...base,
  kind,
  audit,
  store: jobStore(base, fields, cipher),
  queue: jobQueue(base),
  hasRoom: queueRoom(base),
  userJobLimit: countVariable(base, 'USER_JOB_LIMIT'),
  records: recordStore(base, fields, cipher),
  emergencyGrants: emergencyGrants(base, fields),
  settings: settingsOf(base),
  ...callerParts(base),
  probes: complianceProbes(fields),
};

export const handler = apiHandler(
  apiDeps(base, fields, audit, name),
  servedBy(async () => submitJob({ ...parts, refs: await fields.refs() })),
);

import { apiHandler } from '#functions/http/api-handler.ts';
import { apiDeps, servedBy } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { emergencyGrants } from '#functions/runtime/break-glass-parts.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import { auditLog, jobQueue, recordStore } from '#functions/runtime/job-parts.ts';
import { complianceProbes } from '#functions/runtime/probes.ts';
import { callerParts } from '#functions/runtime/token-parts.ts';
import { reminderDelivery } from '#shared/jobs/reminder-delivery/index.ts';
import { scheduleUpdate } from '#shared/jobs/schedule-update/index.ts';
import { usersApi } from './handler.ts';

const base = createBase('users-api', process.env);
const fields = createFieldKeys(base);
const store = recordStore(base, fields, fieldCipher(base, fields));
const audit = auditLog(base, fields);
const parts = {
  ...base,
  schedules: store,
  records: store,
  emergencyGrants: emergencyGrants(base, fields),
  queue: jobQueue(base),
  kinds: new Map([reminderDelivery, scheduleUpdate].map((kind) => [kind.name, kind])),
  audit,
  ...callerParts(base),
  probes: complianceProbes(fields),
};

export const handler = apiHandler(
  apiDeps(base, fields, audit),
  servedBy(async () => usersApi({ ...parts, refs: await fields.refs() })),
);

import { apiHandler } from '#functions/http/api-handler.ts';
import { apiDeps, servedBy } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { breakGlassSettings, breakGlassStore } from '#functions/runtime/break-glass-parts.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import { auditLog, jobQueue } from '#functions/runtime/job-parts.ts';
import { complianceProbes } from '#functions/runtime/probes.ts';
import { callerParts } from '#functions/runtime/token-parts.ts';
import { breakGlassNotice } from '#shared/jobs/break-glass-notice/index.ts';
import { breakGlassApi } from './handler.ts';

const base = createBase('break-glass-api', process.env);
const fields = createFieldKeys(base);
const audit = auditLog(base, fields);
const parts = {
  ...base,
  audit,
  breakGlass: breakGlassStore(base, fields, fieldCipher(base, fields)),
  settings: breakGlassSettings(base),
  queue: jobQueue(base),
  kinds: new Map([[breakGlassNotice.name, breakGlassNotice]]),
  probes: complianceProbes(fields),
  ...callerParts(base),
};

export const handler = apiHandler(
  apiDeps(base, fields, audit),
  servedBy(async () => breakGlassApi({ ...parts, refs: await fields.refs() })),
);

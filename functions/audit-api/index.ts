import { apiHandler } from '#functions/http/api-handler.ts';
import { apiDeps, servedBy } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { createFieldKeys } from '#functions/runtime/field-keys.ts';
import { auditLog, auditPages } from '#functions/runtime/job-parts.ts';
import { pseudonymsOf } from '#functions/runtime/rights-parts.ts';
import { callerParts } from '#functions/runtime/token-parts.ts';
import { auditApi } from './handler.ts';

const base = createBase('audit-api', process.env);
const fields = createFieldKeys(base);
const audit = auditLog(base, fields);
const parts = {
  ...base,
  audit,
  pages: auditPages(base, fields),
  pseudonymsOf: pseudonymsOf(fields),
  ...callerParts(base),
};

export const handler = apiHandler(
  apiDeps(base, fields, audit),
  servedBy(async () => auditApi({ ...parts, refs: await fields.refs() })),
);

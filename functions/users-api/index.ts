import { apiHandler } from '#functions/http/api-handler.ts';
import { apiDeps, servedBy } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import { auditLog, recordStore } from '#functions/runtime/job-parts.ts';
import { tokenVerifier } from '#functions/runtime/token-parts.ts';
import { usersApi } from './handler.ts';

const base = createBase('users-api', process.env);
const fields = createFieldKeys(base);
const parts = {
  ...base,
  schedules: recordStore(base, fields, fieldCipher(base, fields)),
  verifyToken: tokenVerifier(base),
};

export const handler = apiHandler(
  apiDeps(base, fields, auditLog(base, fields)),
  servedBy(async () => usersApi({ ...parts, refs: await fields.refs() })),
);

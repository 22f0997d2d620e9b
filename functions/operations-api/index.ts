import { apiHandler } from '#functions/http/api-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { createFieldKeys } from '#functions/runtime/field-keys.ts';
import { healthProbes } from '#functions/runtime/probes.ts';
import { tokenVerifier } from '#functions/runtime/token-parts.ts';
import { createHealthCheck } from '#shared/operations/check-health.ts';
import { operationsApi } from './handler.ts';

const base = createBase('operations-api', process.env);
const fields = createFieldKeys(base);

export const handler = apiHandler(
  // It refuses nobody, so there is no evidence to leave.
  base,
  operationsApi({
    checkHealth: createHealthCheck(healthProbes(base, fields)),
    version: base.variable('SERVICE_VERSION'),
    verifyToken: tokenVerifier(base),
  }),
);

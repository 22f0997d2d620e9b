import { apiHandler } from '#functions/http/api-handler.ts';
import { apiDeps } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { createFieldKeys } from '#functions/runtime/field-keys.ts';
import { auditLog } from '#functions/runtime/job-parts.ts';
import { openJobs, pastDoses, priorityPauses, workerIntake } from '#functions/runtime/pause-parts.ts';
import { healthProbes } from '#functions/runtime/probes.ts';
import { dueBuckets } from '#functions/runtime/tick-parts.ts';
import { callerParts } from '#functions/runtime/token-parts.ts';
import { createHealthCheck } from '#shared/operations/check-health.ts';
import { operationsApi } from './handler.ts';

const base = createBase('operations-api', process.env);
const fields = createFieldKeys(base);
const pauses = priorityPauses(base, fields);

export const handler = apiHandler(
  apiDeps(base, fields, auditLog(base, fields)),
  operationsApi({
    ...base,
    pauses,
    intake: workerIntake(base),
    openJobs: openJobs(base, fields),
    dueBuckets: dueBuckets(base, fields),
    pastDoses: pastDoses(base, fields),
    refs: fields.refs,
    checkHealth: createHealthCheck(healthProbes(base, fields), pauses),
    version: base.variable('SERVICE_VERSION'),
    ...callerParts(base),
  }),
);

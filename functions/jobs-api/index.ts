import { apiHandler } from '#functions/http/api-handler.ts';
import { apiDeps, servedBy } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { emergencyGrants } from '#functions/runtime/break-glass-parts.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import {
  auditLog,
  bulkActions,
  jobQueue,
  jobStore,
  openJobSettingsOf,
  recordStore,
  releaseSettingsOf,
  releases,
} from '#functions/runtime/job-parts.ts';
import { largeResults } from '#functions/runtime/large-results.ts';
import { openJobs } from '#functions/runtime/pause-parts.ts';
import { complianceProbes } from '#functions/runtime/probes.ts';
import { sealVault } from '#functions/runtime/seal-parts.ts';
import { callerParts } from '#functions/runtime/token-parts.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { jobsApi } from './handler.ts';

const base = createBase('jobs-api', process.env);
const fields = createFieldKeys(base);
const cipher = fieldCipher(base, fields);
const audit = auditLog(base, fields);
const parts = {
  ...base,
  audit,
  store: jobStore(base, fields, cipher, largeResults(base)),
  records: recordStore(base, fields, cipher),
  emergencyGrants: emergencyGrants(base, fields),
  releases: releases(base, fields, cipher),
  settings: { ...releaseSettingsOf(base), ...openJobSettingsOf(base) },
  queue: jobQueue(base),
  vault: sealVault(base),
  bulkActions: bulkActions(base, fields),
  openJobs: openJobs(base, fields),
  kinds: kindsByName(),
  ...callerParts(base),
  probes: complianceProbes(fields),
};

export const handler = apiHandler(
  apiDeps(base, fields, audit),
  servedBy(async () => jobsApi({ ...parts, refs: await fields.refs() })),
);

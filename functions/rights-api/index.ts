import { apiHandler } from '#functions/http/api-handler.ts';
import { apiDeps, servedBy } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { patientGrants } from '#functions/runtime/break-glass-parts.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import {
  auditLog,
  jobStore,
  recordStore,
  releaseSettingsOf,
  releases,
} from '#functions/runtime/job-parts.ts';
import { largeResults } from '#functions/runtime/large-results.ts';
import { complianceProbes } from '#functions/runtime/probes.ts';
import {
  eraseStore,
  pseudonymsOf,
  retentionSettingsOf,
  subjectTrail,
} from '#functions/runtime/rights-parts.ts';
import { callerParts } from '#functions/runtime/token-parts.ts';
import { publisher } from '#functions/runtime/worker-parts.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { rightsApi } from './handler.ts';

const base = createBase('rights-api', process.env);
const fields = createFieldKeys(base);
const cipher = fieldCipher(base, fields);
const records = recordStore(base, fields, cipher);
const audit = auditLog(base, fields);
const parts = {
  ...base,
  store: jobStore(base, fields, cipher, largeResults(base)),
  releases: releases(base, fields, cipher),
  records,
  schedules: records,
  erasing: eraseStore(base, fields),
  patientGrants: patientGrants(base, fields),
  pseudonymsOf: pseudonymsOf(fields),
  subjectTrail: subjectTrail(base, fields),
  kinds: kindsByName(),
  settings: { ...releaseSettingsOf(base), ...retentionSettingsOf(base) },
  audit,
  publisher: publisher(base),
  ...callerParts(base),
  probes: complianceProbes(fields),
};

export const handler = apiHandler(
  apiDeps(base, fields, audit),
  servedBy(async () => rightsApi({ ...parts, refs: await fields.refs() })),
);

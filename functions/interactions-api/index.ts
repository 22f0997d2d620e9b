import { apiHandler } from '#functions/http/api-handler.ts';
import { apiDeps, servedBy } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { createFieldKeys, fieldCipher } from '#functions/runtime/field-keys.ts';
import {
  auditLog,
  jobQueue,
  jobStore,
  recallIndex,
  recordStore,
  releaseSettingsOf,
  releases,
} from '#functions/runtime/job-parts.ts';
import { largeResults } from '#functions/runtime/large-results.ts';
import { complianceProbes } from '#functions/runtime/probes.ts';
import { callerParts } from '#functions/runtime/token-parts.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { interactionsApi } from './handler.ts';

const base = createBase('interactions-api', process.env);
const fields = createFieldKeys(base);
const cipher = fieldCipher(base, fields);
const audit = auditLog(base, fields);
const parts = {
  ...base,
  store: jobStore(base, fields, cipher, largeResults(base)),
  audit,
  records: recordStore(base, fields, cipher),
  releases: releases(base, fields, cipher),
  recall: recallIndex(base, fields, cipher),
  settings: releaseSettingsOf(base),
  queue: jobQueue(base),
  kinds: kindsByName(),
  ...callerParts(base),
  probes: complianceProbes(fields),
};

export const handler = apiHandler(
  apiDeps(base, fields, audit),
  servedBy(async () => interactionsApi({ ...parts, refs: await fields.refs() })),
);

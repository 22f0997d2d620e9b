import { createPseudonymsOf } from '#shared/adapters/audit-pseudonyms.ts';
import { createEraseStore } from '#shared/adapters/erase-store.ts';
import { createSubjectTrail } from '#shared/adapters/subject-trail.ts';
import type { Settings } from '#shared/operations/engine.ts';
import type { EraseStore, PseudonymsOf, SubjectTrail } from '#shared/operations/rights-ports.ts';
import { type Base, countVariable } from './base.ts';
import type { FieldKeys } from './field-keys.ts';

// Parts that only the rights of patients need.

export const eraseStore = (base: Base, { dynamo }: FieldKeys): EraseStore =>
  createEraseStore({
    client: dynamo,
    tables: { records: base.variable('RECORDS_TABLE'), secrets: base.variable('SECRETS_TABLE') },
    dueShards: countVariable(base, 'DUE_SHARDS'),
  });

export const subjectTrail = (base: Base, { dynamo }: FieldKeys): SubjectTrail =>
  createSubjectTrail({ client: dynamo, table: base.variable('AUDIT_TABLE'), clock: base.clock });

export const pseudonymsOf = ({ keys }: FieldKeys): PseudonymsOf => createPseudonymsOf(keys);

/** @throws Error when the deployment names no whole number of years */
export function retentionSettingsOf(base: Base): Pick<Settings, 'recordRetentionYears'> {
  const recordRetentionYears = Number(base.variable('RECORD_RETENTION_YEARS'));
  if (!Number.isSafeInteger(recordRetentionYears) || recordRetentionYears < 0)
    throw new Error('RECORD_RETENTION_YEARS is no whole number of years.');
  return { recordRetentionYears };
}

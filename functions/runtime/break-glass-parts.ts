import { createBreakGlassStore } from '#shared/adapters/break-glass-store.ts';
import { createEmergencyGrants, createOverdueReviews } from '#shared/adapters/emergency-grants.ts';
import type { FieldCipher } from '#shared/adapters/field-cipher.ts';
import { createPatientGrants } from '#shared/adapters/patient-grants.ts';
import type {
  BreakGlassStore,
  EmergencyGrants,
  OverdueReviews,
  PatientGrants,
} from '#shared/operations/break-glass-ports.ts';
import type { Settings } from '#shared/operations/engine.ts';
import { type Base, countVariable } from './base.ts';
import type { AuditedDatabase } from './closed-fields.ts';
import type { FieldKeys } from './field-keys.ts';

// Emergency access: for functions that honour it, that manage it, and that watch over its reviews.

type Database = Pick<FieldKeys, 'dynamo'>;

export const emergencyGrants = (base: Base, { dynamo }: Database): EmergencyGrants =>
  createEmergencyGrants({ client: dynamo, table: base.variable('JOBS_TABLE') });

/** For functions that see how long what is known of a patient has to be kept. */
export const patientGrants = (base: Base, { dynamo }: Database): PatientGrants =>
  createPatientGrants({ client: dynamo, table: base.variable('JOBS_TABLE'), clock: base.clock });

export const overdueReviews = (base: Base, { dynamo }: Database): OverdueReviews =>
  createOverdueReviews({ client: dynamo, table: base.variable('JOBS_TABLE') });

export const breakGlassStore = (
  base: Base,
  { dynamo, pseudonymize }: AuditedDatabase,
  cipher: FieldCipher,
): BreakGlassStore =>
  createBreakGlassStore({
    client: dynamo,
    tables: { jobs: base.variable('JOBS_TABLE'), audit: base.variable('AUDIT_TABLE') },
    cipher,
    pseudonymize,
    clock: base.clock,
    shards: { watch: countVariable(base, 'WATCH_SHARDS'), outcome: countVariable(base, 'OUTCOME_SHARDS') },
  });

/** How long the deployer lets emergency access last. */
export const breakGlassSettings = (base: Base): Pick<Settings, 'breakGlassMinutes'> => ({
  breakGlassMinutes: countVariable(base, 'BREAK_GLASS_MINUTES'),
});

import { createAuditLog } from '#shared/adapters/audit-log.ts';
import { createAuditPages } from '#shared/adapters/audit-pages.ts';
import { createBulkActions } from '#shared/adapters/bulk-action-store.ts';
import { sqsClient } from '#shared/adapters/clients.ts';
import type { FieldCipher } from '#shared/adapters/field-cipher.ts';
import { createJobQueue } from '#shared/adapters/job-queue.ts';
import { createJobStore } from '#shared/adapters/job-store.ts';
import type { LargeObjects } from '#shared/adapters/large-objects.ts';
import { createQueueRoom } from '#shared/adapters/queue-room.ts';
import { createRecallIndex } from '#shared/adapters/recall-index.ts';
import { createRecordStore } from '#shared/adapters/record-store.ts';
import { createRefusalCounter } from '#shared/adapters/refusal-counter.ts';
import { createReleases } from '#shared/adapters/releases.ts';
import type { Variable } from '#shared/contract/environment.ts';
import { readDefaultTimesSetting } from '#shared/jobs/medication-reminder/default-times-setting.ts';
import type { RecordReader } from '#shared/jobs/ports.ts';
import { readSupplySettings } from '#shared/jobs/supply-settings.ts';
import { TIMING_PROFILES, type Timing } from '#shared/lifecycle/priority.ts';
import type { AuditPages } from '#shared/operations/audit-ports.ts';
import type { BulkActions } from '#shared/operations/bulk-ports.ts';
import type { Settings } from '#shared/operations/engine.ts';
import type {
  AuditLog,
  HasRoom,
  JobQueue,
  JobStore,
  RefusalCounter,
  ScheduleStore,
} from '#shared/operations/ports.ts';
import type { RecallIndex, ReleaseStore } from '#shared/operations/recall-ports.ts';
import { type Base, countVariable } from './base.ts';
import type { AuditedDatabase } from './closed-fields.ts';
import type { FieldKeys } from './field-keys.ts';
import { reportUnreadable } from './list-parts.ts';

// One function per part, so that a bundle holds only the adapters that its function uses.

const tablesOf = (base: Base) => ({
  jobs: base.variable('JOBS_TABLE'),
  records: base.variable('RECORDS_TABLE'),
  audit: base.variable('AUDIT_TABLE'),
});

/** The shard counts that the function's contract lists. */
const shardsOf = (base: Base) => ({
  ...countOf(base, 'DUE_SHARDS', (due) => ({ due })),
  ...countOf(base, 'OUTCOME_SHARDS', (outcome) => ({ outcome })),
});

const countOf = <T>(base: Base, name: Variable, shape: (count: number) => T): T | Record<never, never> =>
  base.has(name) ? shape(countVariable(base, name)) : {};

/** @param largeResults for functions that commit or show results */
export const jobStore = (
  base: Base,
  { dynamo, pseudonymize }: AuditedDatabase,
  cipher: FieldCipher,
  largeResults?: LargeObjects,
): JobStore =>
  createJobStore({
    client: dynamo,
    tables: tablesOf(base),
    cipher,
    pseudonymize,
    clock: base.clock,
    shards: { watch: countVariable(base, 'WATCH_SHARDS'), ...shardsOf(base) },
    unreadable: reportUnreadable(base),
    ...(largeResults && { largeResults }),
  });

export const recordStore = (
  base: Base,
  { dynamo, pseudonymize }: FieldKeys,
  cipher: FieldCipher,
): RecordReader & ScheduleStore =>
  createRecordStore({
    client: dynamo,
    tables: tablesOf(base),
    cipher,
    pseudonymize,
    clock: base.clock,
    shards: { ...countOf(base, 'WATCH_SHARDS', (watch) => ({ watch })), ...shardsOf(base) },
  });

export const recallIndex = (
  base: Base,
  { dynamo }: Pick<FieldKeys, 'dynamo'>,
  cipher: FieldCipher,
): RecallIndex =>
  createRecallIndex({
    client: dynamo,
    table: base.variable('JOBS_TABLE'),
    cipher,
    clock: base.clock,
    shards: countVariable(base, 'OUTCOME_SHARDS'),
  });

export const releases = (
  base: Base,
  { dynamo, pseudonymize }: AuditedDatabase,
  cipher: FieldCipher,
): ReleaseStore =>
  createReleases({ client: dynamo, tables: tablesOf(base), cipher, pseudonymize, clock: base.clock });

export const auditLog = (base: Base, { dynamo, pseudonymize }: AuditedDatabase): AuditLog =>
  createAuditLog({ client: dynamo, table: base.variable('AUDIT_TABLE'), pseudonymize });

export const auditPages = (base: Base, { dynamo }: Pick<FieldKeys, 'dynamo'>): AuditPages =>
  createAuditPages({ client: dynamo, table: base.variable('AUDIT_TABLE') });

export const bulkActions = (base: Base, { dynamo, pseudonymize }: AuditedDatabase): BulkActions =>
  createBulkActions({
    client: dynamo,
    tables: { jobs: base.variable('JOBS_TABLE'), audit: base.variable('AUDIT_TABLE') },
    pseudonymize,
    clock: base.clock,
  });

/** For functions that answer requests. */
export const refusalCounter = (base: Base, { dynamo }: Pick<FieldKeys, 'dynamo'>): RefusalCounter =>
  createRefusalCounter({ client: dynamo, table: base.variable('JOBS_TABLE'), random: base.random });

export const jobQueue = (base: Base): JobQueue =>
  createJobQueue({ client: sqsClient(base.clients), queueUrls: queueUrlsOf(base) });

export const queueRoom = (base: Base): HasRoom =>
  createQueueRoom({
    client: sqsClient(base.clients),
    queueUrls: queueUrlsOf(base),
    limit: countVariable(base, 'QUEUE_LIMIT'),
  });

const queueUrlsOf = (base: Base) => ({
  CRITICAL: base.variable('CRITICAL_QUEUE_URL'),
  HIGH: base.variable('HIGH_QUEUE_URL'),
  MEDIUM: base.variable('MEDIUM_QUEUE_URL'),
  LOW: base.variable('LOW_QUEUE_URL'),
});

/** @throws Error when the deployment names a profile that does not exist */
export function timingOf(base: Base): Timing {
  const name = base.variable('TIMING_PROFILE');
  if (name === 'standard' || name === 'laptop') return TIMING_PROFILES[name];
  throw new Error('TIMING_PROFILE names no timing profile.');
}

/** Whether professionals may release findings to patients. */
export const releaseSettingsOf = (base: Base): Pick<Settings, 'patientRelease'> => ({
  patientRelease: base.variable('PATIENT_RELEASE') === 'on',
});

/** How many open jobs a user may have. */
export const openJobSettingsOf = (base: Base): Pick<Settings, 'userJobLimit'> => ({
  userJobLimit: countVariable(base, 'USER_JOB_LIMIT'),
});

/** What the deployer said, as far as the function's contract lists it. */
export function settingsOf(base: Base): Settings {
  const defaultTimeZone = base.variable('DEFAULT_TIME_ZONE');
  const defaultTimes = base.has('DEFAULT_TIMES')
    ? readDefaultTimesSetting(base.variable('DEFAULT_TIMES'))
    : undefined;
  return {
    ...(defaultTimeZone !== '' && { defaultTimeZone }),
    ...(defaultTimes && { defaultTimes }),
    ...(base.has('USER_JOB_LIMIT') && openJobSettingsOf(base)),
    ...(base.has('SUPPLY_SETTINGS') && { supply: readSupplySettings(base.variable('SUPPLY_SETTINGS')) }),
  };
}

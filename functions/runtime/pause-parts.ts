import { lambdaClient } from '#shared/adapters/clients.ts';
import { createOpenJobs } from '#shared/adapters/open-jobs.ts';
import { createPastDoses } from '#shared/adapters/past-doses.ts';
import { createPriorityPauses } from '#shared/adapters/priority-pauses.ts';
import { createWorkerIntake } from '#shared/adapters/worker-intake.ts';
import { MAPPING_VARIABLES } from '#shared/contract/environment.ts';
import type { OpenJobs, PastDoses, PriorityPauses, WorkerIntake } from '#shared/operations/pause-ports.ts';
import { type Base, countVariable } from './base.ts';
import type { AuditedDatabase } from './closed-fields.ts';
import type { FieldKeys } from './field-keys.ts';

// Parts for pausing priorities and for keeping to it.

export const priorityPauses = (base: Base, { dynamo, pseudonymize }: AuditedDatabase): PriorityPauses =>
  createPriorityPauses({
    client: dynamo,
    tables: { jobs: base.variable('JOBS_TABLE'), audit: base.variable('AUDIT_TABLE') },
    pseudonymize,
  });

export const workerIntake = (base: Base): WorkerIntake =>
  createWorkerIntake({
    client: lambdaClient(base.clients),
    mappingIds: {
      CRITICAL: base.variable(MAPPING_VARIABLES.CRITICAL),
      HIGH: base.variable(MAPPING_VARIABLES.HIGH),
      MEDIUM: base.variable(MAPPING_VARIABLES.MEDIUM),
      LOW: base.variable(MAPPING_VARIABLES.LOW),
    },
  });

export const openJobs = (base: Base, { dynamo }: Pick<FieldKeys, 'dynamo'>): OpenJobs =>
  createOpenJobs({
    client: dynamo,
    table: base.variable('JOBS_TABLE'),
    watchShards: countVariable(base, 'WATCH_SHARDS'),
  });

export const pastDoses = (base: Base, { dynamo }: Pick<FieldKeys, 'dynamo'>): PastDoses =>
  createPastDoses({
    client: dynamo,
    table: base.variable('JOBS_TABLE'),
    outcomeShards: countVariable(base, 'OUTCOME_SHARDS'),
  });

import type { WorldPart } from '#shared/jobs/define-job-kind.ts';
import type { FunctionAccess } from './access-types.ts';

/** What a worker may do in addition, by the part of `World` that an attempt uses. */
export const WORLD_ACCESS = {
  publisher: { TOPIC_ARN: ['publish'], BUS_NAME: ['publish'] },
  recordIntentWhile: { RECORDS_TABLE: ['check'] },
  // Records are read one by one by every kind; only some look for those that they cannot name.
  'records.range': { RECORDS_TABLE: ['query'] },
  'records.list': { RECORDS_TABLE: ['query'] },
  'records.owners': { RECORDS_TABLE: ['query'] },
  reference: { REFERENCE_BUCKET: ['get', 'list'] },
  // Reading entries by their hash is a query as that of outcome rows, which every worker has.
  pastChecks: { JOBS_TABLE: ['query'] },
  archive: {
    JOBS_TABLE: ['scan'],
    RECORDS_TABLE: ['scan'],
    RESULTS_BUCKET: ['list'],
    BACKUP_BUCKET: ['put', 'get', 'list'],
    BACKUP_KEY_ARN: ['sign', 'look'],
  },
  // Only where the deployer has chosen them: see `JobFunctions`.
  exports: { BACKUP_EXPORTS: ['export'] },
  drill: { DRILL_FUNCTION: ['ask'] },
} as const satisfies Record<WorldPart, FunctionAccess>;

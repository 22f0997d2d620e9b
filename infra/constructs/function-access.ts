import type { FunctionName } from '#shared/contract/functions.ts';
import type { AccessOf, FunctionAccess } from './access-types.ts';

/** Makes jobs: row, payload, audit entry, idempotency row, and the wrapped keys under which they are sealed. */
const making = {
  JOBS_TABLE: ['get', 'put'],
  // The job store knows the table's name; nothing in it is touched by those who only make or move jobs.
  RECORDS_TABLE: [],
  AUDIT_TABLE: ['put'],
  SECRETS_TABLE: ['get', 'put'],
  FIELD_KEY_ARN: ['seal'],
  QUEUES: ['send'],
} as const satisfies FunctionAccess;

/** Changes the status of jobs that stand already, without looking into them. */
const moving = {
  JOBS_TABLE: ['get', 'update'],
  RECORDS_TABLE: [],
  AUDIT_TABLE: ['put'],
  // Not for any field: entries name the patient whose job it is.
  FIELD_KEY_ARN: ['name'],
  QUEUES: ['send'],
} as const satisfies FunctionAccess;

/**
 * Ends jobs: reads and writes what stands in the clear of the occurrence that a job answers for. The bodies stay sealed to
 * whoever has no field key.
 */
const ending = { ...moving, RECORDS_TABLE: ['get', 'update'] } as const satisfies FunctionAccess;

/**
 * What each function may do. The compiler demands exactly one entry for each resource that the contract's variables
 * name, and none for another. That it is neither too little nor too much is shown in test/permissions/.
 */
export const FUNCTION_ACCESS = {
  'submit-job': {
    ...making,
    JOBS_TABLE: ['get', 'put', 'count', 'count-open'],
    RECORDS_TABLE: ['get'],
    FIELD_KEY_ARN: ['hash', 'name', 'seal'],
    QUEUES: ['send', 'depth'],
  },
  'jobs-api': {
    ...ending,
    // An ended job leaves an outcome row, here and wherever else jobs end: it is put.
    JOBS_TABLE: ['get', 'query', 'put', 'update', 'by-user', 'by-watch'],
    // Lists find the patients of caregivers and care teams.
    RECORDS_TABLE: ['get', 'query', 'update'],
    // Single entries of the chain of a job that it shows.
    AUDIT_TABLE: ['put', 'get'],
    SECRETS_TABLE: ['get'],
    FIELD_KEY_ARN: ['hash', 'name', 'open'],
    RESULTS_BUCKET: ['get', 'list'],
    AUDIT_BUCKET: ['proofs', 'list'],
  },
  'interactions-api': {
    ...making,
    // It finds results by what they are recalled for, reads the one that is released, and accepts re-checks.
    JOBS_TABLE: ['get', 'query', 'put', 'count'],
    // Whether the patient has whoever releases in the care team.
    RECORDS_TABLE: ['get'],
    FIELD_KEY_ARN: ['hash', 'name', 'seal'],
    RESULTS_BUCKET: ['get', 'list'],
  },
  'users-api': {
    JOBS_TABLE: ['get', 'put', 'count'],
    // An answer to a dose that has no record yet rests on its schedule.
    RECORDS_TABLE: ['get', 'query', 'update', 'check'],
    AUDIT_TABLE: ['put'],
    // The first that is known of a user may be a preference or a medication.
    SECRETS_TABLE: ['get', 'put'],
    FIELD_KEY_ARN: ['hash', 'name', 'seal'],
    QUEUES: ['send'],
  },
  'rights-api': {
    // It shows what is held of a user, and writes nothing but what was decided about erasing them.
    JOBS_TABLE: ['get', 'put-keys', 'count', 'by-user'],
    RECORDS_TABLE: ['get', 'query', 'update'],
    AUDIT_TABLE: ['put-single', 'by-subject'],
    // A decision about a user of whom nothing is known is the first that is.
    SECRETS_TABLE: ['get', 'put'],
    FIELD_KEY_ARN: ['hash', 'name', 'seal'],
    RESULTS_BUCKET: ['get', 'list'],
    TOPIC_ARN: ['publish'],
    BUS_NAME: ['publish'],
  },
  'imports-api': {
    // It keeps lines, accepts the import, and finds the report by the rows of chunks.
    JOBS_TABLE: ['get', 'put', 'count'],
    // Care teams are read, for lines of professionals.
    RECORDS_TABLE: ['get', 'update'],
    AUDIT_TABLE: ['put'],
    // The first that is known of a user may be a line.
    SECRETS_TABLE: ['get', 'put'],
    FIELD_KEY_ARN: ['hash', 'name', 'seal'],
    QUEUES: ['send', 'depth'],
  },
  'operations-api': {
    // It counts jobs by the status index, doses to come and those of yesterday, and puts what is decided about a priority together with its audit entry.
    JOBS_TABLE: ['get', 'put-hash-key', 'put-audit-key', 'put-pauses', 'count', 'by-watch', 'query-events'],
    RECORDS_TABLE: ['query-due'],
    AUDIT_TABLE: ['put-single'],
    FIELD_KEY_ARN: ['hash', 'name'],
    TOPIC_ARN: ['look'],
    MAPPINGS: ['switch'],
  },
  'break-glass-api': {
    // Grants with their pointer and notice are put, ended and judged ones updated; reviews are found by their term.
    JOBS_TABLE: ['get', 'put', 'update', 'by-watch'],
    AUDIT_TABLE: ['put'],
    // The first that is known of a user may be that somebody looked for them in an emergency.
    SECRETS_TABLE: ['get', 'put'],
    FIELD_KEY_ARN: ['hash', 'name', 'seal'],
    QUEUES: ['send'],
  },
  'operations-widget': { JOBS_TABLE: ['by-watch'] },
  'audit-api': {
    // The keys of hashes, and the counters of refusals.
    JOBS_TABLE: ['get', 'put-hash-key', 'put-audit-key', 'count'],
    AUDIT_TABLE: ['put-single', 'by-subject', 'by-actor', 'by-job'],
    FIELD_KEY_ARN: ['hash', 'name'],
  },
  // It knows no caller and no job: all that it does is to leave the gathered entry of its refusals, and to count them.
  'not-found': { JOBS_TABLE: ['count'], AUDIT_TABLE: ['put-gathered'] },
  worker: {
    ...making,
    // Outcome rows are read by the hour; an intent is written under the condition that the attempt holds its job.
    JOBS_TABLE: ['get', 'query', 'put', 'update', 'check'],
    RECORDS_TABLE: ['get', 'put', 'update'],
    // Whoever submitted the job has sealed its payload with the owner's secret. What a job tells roll-ups is sealed with the
    // system's, and the first job that tells something makes it.
    SECRETS_TABLE: ['get', 'put-own'],
    FIELD_KEY_ARN: ['hash', 'name', 'seal'],
    // What these six are for is a matter of the kinds that a worker may run: see `WORLD_ACCESS`.
    TOPIC_ARN: [],
    BUS_NAME: [],
    BACKUP_BUCKET: [],
    BACKUP_KEY_ARN: [],
    BACKUP_EXPORTS: [],
    DRILL_FUNCTION: [],
    REFERENCE_BUCKET: [],
    RESULTS_BUCKET: ['put', 'get', 'list'],
  },
  'dead-letter': { ...ending, JOBS_TABLE: ['get', 'put', 'update'] },
  tick: {
    ...moving,
    JOBS_TABLE: ['get-audit-key', 'put-audit-key', 'update', 'by-watch'],
    TICK_QUEUE_URL: ['send'],
  },
  'tick-shard': {
    ...making,
    RECORDS_TABLE: ['get', 'query', 'put', 'update'],
    SECRETS_TABLE: ['get'],
    FIELD_KEY_ARN: ['name', 'seal'],
  },
  reconciler: {
    // Bulk actions cancel jobs, and have rows of their own.
    ...ending,
    // Also how old the newest backup is; nothing in records can be opened without a field key.
    JOBS_TABLE: ['get', 'put', 'update', 'by-watch'],
    QUEUES: ['send', 'depth'],
    TOPIC_ARN: ['look'],
    KEYS: ['look'],
    MAPPINGS: ['look', 'switch'],
  },
  // Its jobs are about nobody, and so are its entries.
  recurring: { ...making, SECRETS_TABLE: ['get', 'put-own'] },
  erasure: {
    // It ends jobs, and takes away what their results are recalled by.
    JOBS_TABLE: ['get', 'put', 'update', 'by-user', 'erase-recall'],
    RECORDS_TABLE: ['get', 'query', 'update', 'erase'],
    AUDIT_TABLE: ['put'],
    SECRETS_TABLE: ['get', 'update'],
    FIELD_KEY_ARN: ['hash', 'name', 'seal'],
    QUEUES: ['send'],
    RESULTS_BUCKET: ['get', 'list'],
    TOPIC_ARN: ['publish'],
    BUS_NAME: ['publish'],
  },
  // What it needs to read the streams of these tables is given with the mappings.
  'change-log': {
    JOBS_TABLE: [],
    RECORDS_TABLE: [],
    BACKUP_BUCKET: ['put'],
    RESULTS_BUCKET: ['get', 'list'],
  },
  // It restores, and no other function does. Of all that runs it can write into these two tables only.
  'restore-drill': {
    BACKUP_BUCKET: ['get', 'list'],
    BACKUP_KEY_ARN: ['look'],
    DRILL_JOBS_TABLE: ['get', 'scan', 'fill'],
    DRILL_RECORDS_TABLE: ['get', 'scan', 'fill'],
  },
  'audit-seal': {
    AUDIT_TABLE: ['by-hour'],
    AUDIT_BUCKET: ['put', 'get', 'list'],
    SEAL_KEY_ARN: ['sign'],
  },
} as const satisfies {
  [F in FunctionName]: AccessOf<F>;
};

/** The kinds of which a function makes jobs, for those that make jobs of few; it sends to their queues only. */
export const MAKES_ONLY: { readonly [F in FunctionName]?: readonly string[] } = {
  'tick-shard': ['reminder-delivery'],
  'users-api': ['reminder-delivery', 'schedule-update'],
  'imports-api': ['import'],
  'interactions-api': ['interaction-recheck'],
  'break-glass-api': ['break-glass-notice'],
  recurring: ['analytics-roll-up', 'backup', 'supply-sweep', 'restore-drill'],
};

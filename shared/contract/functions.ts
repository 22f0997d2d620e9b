import type { Variable } from './environment.ts';

const TABLES = ['JOBS_TABLE', 'RECORDS_TABLE', 'AUDIT_TABLE'] as const;
/** What sealing and opening fields takes. */
const FIELDS = ['SECRETS_TABLE', 'FIELD_KEY_ARN'] as const;
const QUEUES = ['CRITICAL_QUEUE_URL', 'HIGH_QUEUE_URL', 'MEDIUM_QUEUE_URL', 'LOW_QUEUE_URL'] as const;

/** What knowing callers takes. */
const CALLERS = ['ISSUERS', 'REQUIRE_PURPOSE', 'CORS_ORIGINS'] as const;

const SHARDS = ['WATCH_SHARDS', 'DUE_SHARDS', 'OUTCOME_SHARDS'] as const;

/** What opens and closes the intake of workers. */
const MAPPINGS = ['CRITICAL_MAPPING_ID', 'HIGH_MAPPING_ID', 'MEDIUM_MAPPING_ID', 'LOW_MAPPING_ID'] as const;

/** What a function reads that moves jobs without looking into them. */
const MOVES = ['STAGE', 'TIMING_PROFILE', ...TABLES, 'FIELD_KEY_ARN', ...QUEUES, 'WATCH_SHARDS'] as const;
/** What a function reads that makes, runs or shows jobs. */
const JOBS = [...MOVES, 'SECRETS_TABLE'] as const;

/**
 * Every function with the variables that it reads: infra sets exactly these, the composition root reads exactly these.
 * The name is the folder under `functions/`; `submit-job` is deployed once per public kind, `worker` once per priority.
 */
export const FUNCTION_VARIABLES = {
  'submit-job': [
    ...JOBS,
    'JOB_KIND',
    ...CALLERS,
    'DEFAULT_TIME_ZONE',
    'DEFAULT_TIMES',
    'OUTCOME_SHARDS',
    'QUEUE_LIMIT',
    'USER_JOB_LIMIT',
  ],
  'jobs-api': [
    ...JOBS,
    'RESULTS_BUCKET',
    'AUDIT_BUCKET',
    ...CALLERS,
    'OUTCOME_SHARDS',
    'PATIENT_RELEASE',
    'USER_JOB_LIMIT',
  ],
  'interactions-api': [...JOBS, 'RESULTS_BUCKET', ...CALLERS, 'OUTCOME_SHARDS', 'PATIENT_RELEASE'],
  'users-api': [...TABLES, ...FIELDS, ...QUEUES, 'STAGE', ...CALLERS, ...SHARDS],
  'imports-api': [
    ...TABLES,
    ...FIELDS,
    ...QUEUES,
    'STAGE',
    ...CALLERS,
    'WATCH_SHARDS',
    'OUTCOME_SHARDS',
    'QUEUE_LIMIT',
  ],
  'rights-api': [
    ...TABLES,
    ...FIELDS,
    ...SHARDS,
    'STAGE',
    'RESULTS_BUCKET',
    ...CALLERS,
    'TOPIC_ARN',
    'BUS_NAME',
    'PATIENT_RELEASE',
    'RECORD_RETENTION_YEARS',
  ],
  'operations-api': [
    'STAGE',
    ...TABLES,
    'FIELD_KEY_ARN',
    ...SHARDS,
    ...CALLERS,
    'SERVICE_VERSION',
    'TOPIC_ARN',
    ...MAPPINGS,
  ],
  'break-glass-api': [
    'STAGE',
    'JOBS_TABLE',
    'AUDIT_TABLE',
    ...FIELDS,
    ...QUEUES,
    ...CALLERS,
    'BREAK_GLASS_MINUTES',
    'WATCH_SHARDS',
    'OUTCOME_SHARDS',
  ],
  /** It shows who did what to whose data, and can open none of these data. */
  'audit-api': ['STAGE', 'JOBS_TABLE', 'AUDIT_TABLE', 'FIELD_KEY_ARN', ...CALLERS],
  /** It shows rows, which hold codes only; whatever it changes it asks the API for, as whoever pressed the button. */
  'operations-widget': ['STAGE', 'JOBS_TABLE', 'WATCH_SHARDS', 'API_URL'],
  'not-found': ['STAGE', 'JOBS_TABLE', 'AUDIT_TABLE', 'CORS_ORIGINS'],
  worker: [
    ...JOBS,
    'PRIORITY',
    'TOPIC_ARN',
    'BUS_NAME',
    'BACKUP_BUCKET',
    'BACKUP_KEY_ARN',
    'BACKUP_EXPORTS',
    'DRILL_FUNCTION',
    'RESULTS_BUCKET',
    'REFERENCE_BUCKET',
    'DEFAULT_TIME_ZONE',
    'DEFAULT_TIMES',
    'SUPPLY_SETTINGS',
    'USER_JOB_LIMIT',
    'DUE_SHARDS',
    'OUTCOME_SHARDS',
  ],
  'dead-letter': [...MOVES, 'OUTCOME_SHARDS'],
  tick: [...MOVES, 'TICK_QUEUE_URL', 'DUE_SHARDS', 'OUTCOME_SHARDS'],
  'tick-shard': [...JOBS, 'DUE_SHARDS', 'OUTCOME_SHARDS'],
  reconciler: [...MOVES, 'OUTCOME_SHARDS', 'TOPIC_ARN', 'KEYS', 'USER_JOB_LIMIT', ...MAPPINGS],
  /** EventBridge's hourly, daily and monthly rules: submits roll-ups, backups and sweeps with derived ids. */
  recurring: [...JOBS, 'DEFAULT_TIME_ZONE', 'OUTCOME_SHARDS'],
  /** EventBridge's rule of each quarter of an hour: it alone deletes what stands of users, and destroys their secrets. */
  erasure: [
    ...TABLES,
    ...FIELDS,
    ...QUEUES,
    ...SHARDS,
    'STAGE',
    'RESULTS_BUCKET',
    'TOPIC_ARN',
    'BUS_NAME',
    'RECORD_RETENTION_YEARS',
  ],
  /** The streams of what is backed up: it keeps each change in the backup bucket, with the large results that changes name. */
  'change-log': ['STAGE', 'JOBS_TABLE', 'RECORDS_TABLE', 'BACKUP_BUCKET', 'RESULTS_BUCKET'],
  /** Restores backups into the tables of drills, asked by the worker: it knows no other table. */
  'restore-drill': [
    'STAGE',
    'TIMING_PROFILE',
    'BACKUP_BUCKET',
    'BACKUP_KEY_ARN',
    'DRILL_JOBS_TABLE',
    'DRILL_RECORDS_TABLE',
  ],
  /** EventBridge's hourly rule: it alone signs seals, and it reads nothing but the audit trail. */
  'audit-seal': ['STAGE', 'AUDIT_TABLE', 'AUDIT_BUCKET', 'SEAL_KEY_ARN'],
} as const satisfies Record<string, readonly Variable[]>;

export type FunctionName = keyof typeof FUNCTION_VARIABLES;

/** What EventBridge's rules send to `recurring`. */
export interface RecurringEvent {
  readonly run:
    | 'hourly-roll-up'
    | 'daily-roll-up'
    | 'daily-people-roll-up'
    | 'monthly-roll-up'
    | 'daily-backup'
    | 'weekly-backup'
    | 'daily-supply-sweep'
    | 'monthly-restore-drill'
    /** Asked for by a person, once the cause of a failed one was removed: one for each minute. */
    | 'restore-drill';
  /** Time of the rule's firing, from EventBridge's own event, so that a repeated event makes the same job. */
  readonly time: string;
}

/** What the tick sends to each shard worker, and what a shard worker reads. */
export interface TickMessage {
  readonly v: 1;
  readonly shard: number;
}

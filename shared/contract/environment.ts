/** Names of the environment variables that infra sets and functions read. */
export const VARIABLES = [
  'STAGE',
  'JOB_KIND',
  'PRIORITY',
  'TIMING_PROFILE',
  'JOBS_TABLE',
  'RECORDS_TABLE',
  'AUDIT_TABLE',
  'SECRETS_TABLE',
  'FIELD_KEY_ARN',
  'CRITICAL_QUEUE_URL',
  'HIGH_QUEUE_URL',
  'MEDIUM_QUEUE_URL',
  'LOW_QUEUE_URL',
  'TICK_QUEUE_URL',
  /** Ids of the event source mappings that hand the messages of a priority to its worker. */
  'CRITICAL_MAPPING_ID',
  'HIGH_MAPPING_ID',
  'MEDIUM_MAPPING_ID',
  'LOW_MAPPING_ID',
  'TOPIC_ARN',
  'BUS_NAME',
  'BACKUP_BUCKET',
  'RESULTS_BUCKET',
  'REFERENCE_BUCKET',
  'AUDIT_BUCKET',
  'SEAL_KEY_ARN',
  'BACKUP_KEY_ARN',
  /** `name=ARN` of every key of the deployment, with commas between. */
  'KEYS',
  /** JSON of what DynamoDB's own exports need, or empty when full backups are made by our own scan. */
  'BACKUP_EXPORTS',
  /** Tables that a drill restores into, and the function that alone may write there. */
  'DRILL_JOBS_TABLE',
  'DRILL_RECORDS_TABLE',
  'DRILL_FUNCTION',
  /** JSON: see `issuers.ts`. */
  'ISSUERS',
  /** `on` or `off`: whether every request has to say what it is for. */
  'REQUIRE_PURPOSE',
  /** IANA zone, or empty when the deployer named none. */
  'DEFAULT_TIME_ZONE',
  /** JSON of clock times by code of a frequency, or empty when the deployer named none. */
  'DEFAULT_TIMES',
  /** JSON of what the deployer says about refills and orders, whole. */
  'SUPPLY_SETTINGS',
  /** `on` or `off`: whether professionals may release findings to patients. */
  'PATIENT_RELEASE',
  /** Whole years for which records must be kept; 0: none. */
  'RECORD_RETENTION_YEARS',
  /** Jobs of one priority in its queue from which on requests are refused. */
  'QUEUE_LIMIT',
  /** Minutes for which emergency access lasts at most. */
  'BREAK_GLASS_MINUTES',
  /** Jobs about one user that were asked for and have not ended, from which on requests for more are refused. */
  'USER_JOB_LIMIT',
  'WATCH_SHARDS',
  'DUE_SHARDS',
  'OUTCOME_SHARDS',
  'SERVICE_VERSION',
  /** URL of the API with its prefix. */
  'API_URL',
  /** Origins whose pages may read answers, with commas between, or empty. */
  'CORS_ORIGINS',
] as const;

export type Variable = (typeof VARIABLES)[number];

/**
 * Reads the named variables. All missing ones are reported together.
 * @throws Error that names every missing variable, never a value.
 */
export function readEnvironment<const V extends Variable>(
  names: readonly V[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<V, string> {
  const missing = names.filter((name) => environment[name] === undefined);
  if (missing.length > 0) throw new Error(`Missing environment variables: ${missing.join(', ')}`);
  const entries = names.map((name) => [name, environment[name] ?? '']);
  return Object.fromEntries(entries);
}

/** The variable that holds the URL of a priority's queue. */
export const QUEUE_VARIABLES = {
  CRITICAL: 'CRITICAL_QUEUE_URL',
  HIGH: 'HIGH_QUEUE_URL',
  MEDIUM: 'MEDIUM_QUEUE_URL',
  LOW: 'LOW_QUEUE_URL',
} as const satisfies Record<string, Variable>;

/** The variable that holds the id of a priority's event source mapping. */
export const MAPPING_VARIABLES = {
  CRITICAL: 'CRITICAL_MAPPING_ID',
  HIGH: 'HIGH_MAPPING_ID',
  MEDIUM: 'MEDIUM_MAPPING_ID',
  LOW: 'LOW_MAPPING_ID',
} as const satisfies Record<string, Variable>;

import type { FUNCTION_VARIABLES, FunctionName } from '#shared/contract/functions.ts';
import type { WorldPart } from '#shared/jobs/define-job-kind.ts';

/** What may be done with a table. A transaction needs the permission of each write in it. */
export const TABLE_ACTIONS = {
  get: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
  query: ['dynamodb:Query'],
  /** New items: a put that is conditional on there being none. The audit trail knows no other write. */
  append: ['dynamodb:PutItem'],
  write: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'],
  scan: ['dynamodb:Scan'],
} as const satisfies Record<string, readonly string[]>;

export type TableAccess = keyof typeof TABLE_ACTIONS;

/** Permissions by the variable that names the resource: whoever has the one has the other. */
interface Permissions {
  readonly JOBS_TABLE: readonly (TableAccess | 'by-user' | 'by-watch')[];
  readonly RECORDS_TABLE: readonly TableAccess[];
  /** No entry is ever changed or deleted, so nothing else can be asked for here. */
  readonly AUDIT_TABLE: readonly ('append' | 'get' | 'query')[];
  readonly SECRETS_TABLE: readonly ('get' | 'append')[];
  readonly FIELD_KEY_ARN: readonly 'use'[];
  readonly QUEUES: readonly ('send' | 'depth')[];
  readonly TICK_QUEUE_URL: readonly 'send'[];
  readonly TOPIC_ARN: readonly 'publish'[];
  readonly BUS_NAME: readonly 'publish'[];
  readonly BACKUP_BUCKET: readonly 'put'[];
  readonly RESULTS_BUCKET: readonly ('put' | 'get')[];
}

export type FunctionAccess = { readonly [R in keyof Permissions]?: Permissions[R] };

type VariablesOf<F extends FunctionName> = (typeof FUNCTION_VARIABLES)[F][number];
/** The four queue URLs always come together. */
type ResourceOf<V> = V extends `${'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW'}_QUEUE_URL` ? 'QUEUES' : V;

/** Makes jobs: row, payload, audit entry, idempotency row, and the wrapped keys under which they are sealed. */
const making = {
  JOBS_TABLE: ['get', 'append'],
  // The job store knows the table's name; nothing in it is touched by those who only make or move jobs.
  RECORDS_TABLE: [],
  AUDIT_TABLE: ['append'],
  SECRETS_TABLE: ['get', 'append'],
  FIELD_KEY_ARN: ['use'],
  QUEUES: ['send'],
} as const satisfies FunctionAccess;

/** Changes the status of jobs that stand already. */
const moving = { ...making, JOBS_TABLE: ['get', 'write'] } as const satisfies FunctionAccess;

/**
 * What each function may do. The compiler demands exactly one entry for each resource that the contract's variables
 * name, and none for another.
 */
export const FUNCTION_ACCESS = {
  'submit-job': { ...making, RECORDS_TABLE: ['get'] },
  'jobs-api': {
    ...moving,
    JOBS_TABLE: ['get', 'query', 'write', 'by-user', 'by-watch'],
    RESULTS_BUCKET: ['get'],
  },
  'users-api': {
    JOBS_TABLE: ['get', 'append'],
    RECORDS_TABLE: ['get', 'write'],
    AUDIT_TABLE: ['append'],
    SECRETS_TABLE: ['get', 'append'],
    FIELD_KEY_ARN: ['use'],
  },
  'operations-api': {
    JOBS_TABLE: ['get', 'append'],
    AUDIT_TABLE: ['append'],
    FIELD_KEY_ARN: ['use'],
  },
  'not-found': {},
  worker: {
    ...moving,
    // Outcome rows are read by the hour.
    JOBS_TABLE: ['get', 'query', 'write'],
    RECORDS_TABLE: ['get', 'query', 'write'],
    // What these three are for is a matter of the kinds that a worker may run: see `WORLD_ACCESS`.
    TOPIC_ARN: [],
    BUS_NAME: [],
    BACKUP_BUCKET: [],
    RESULTS_BUCKET: ['put', 'get'],
  },
  'dead-letter': moving,
  tick: { ...moving, JOBS_TABLE: ['get', 'write', 'by-watch'], TICK_QUEUE_URL: ['send'] },
  'tick-shard': { ...making, RECORDS_TABLE: ['get', 'query', 'write'] },
  reconciler: { ...moving, JOBS_TABLE: ['get', 'write', 'by-watch'], QUEUES: ['send', 'depth'] },
  recurring: making,
} as const satisfies {
  [F in FunctionName]: ExactAccess<Extract<ResourceOf<VariablesOf<F>>, keyof Permissions>>;
};

type ExactAccess<R extends keyof Permissions> = { readonly [P in R]: Permissions[P] } & {
  readonly [P in Exclude<keyof Permissions, R>]?: never;
};

/** What a worker may do in addition, by the part of `World` that an attempt uses. */
export const WORLD_ACCESS = {
  publisher: { TOPIC_ARN: ['publish'], BUS_NAME: ['publish'] },
  archive: { JOBS_TABLE: ['scan'], RECORDS_TABLE: ['scan'], BACKUP_BUCKET: ['put'] },
} as const satisfies Record<WorldPart, FunctionAccess>;

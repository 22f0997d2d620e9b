import type { FUNCTION_VARIABLES, FunctionName } from '#shared/contract/functions.ts';

/** What may be done with a table. A transaction needs the permission of each write in it. */
export const TABLE_ACTIONS = {
  get: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
  query: ['dynamodb:Query'],
  /** New items only where the caller says so: the audit trail is appended to, never changed. */
  append: ['dynamodb:PutItem'],
  write: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'],
  scan: ['dynamodb:Scan'],
} as const satisfies Record<string, readonly string[]>;

export type TableAccess = keyof typeof TABLE_ACTIONS;

/** Permissions by the variable that names the resource: whoever has the one has the other. */
interface Permissions {
  readonly JOBS_TABLE: readonly (Exclude<TableAccess, 'append'> | 'by-user' | 'by-watch')[];
  readonly RECORDS_TABLE: readonly Exclude<TableAccess, 'append'>[];
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

/** Accepts jobs: reads what is known of the user, writes row, payload, audit entry and idempotency row. */
const accepting = {
  JOBS_TABLE: ['get', 'write'],
  RECORDS_TABLE: ['get'],
  AUDIT_TABLE: ['append'],
  SECRETS_TABLE: ['get', 'append'],
  FIELD_KEY_ARN: ['use'],
  QUEUES: ['send'],
} as const satisfies FunctionAccess;

/** Ends jobs, or moves them on: their rows, their parents' rows, records, outcome rows. */
const moving = { ...accepting, RECORDS_TABLE: ['get', 'query', 'write'] } as const satisfies FunctionAccess;

/**
 * What each function may do. The compiler demands exactly one entry for each resource that the contract's variables
 * name, and none for another.
 */
export const FUNCTION_ACCESS = {
  'submit-job': accepting,
  'jobs-api': {
    ...moving,
    JOBS_TABLE: ['get', 'query', 'write', 'by-user', 'by-watch'],
    RESULTS_BUCKET: ['get'],
  },
  'users-api': {
    JOBS_TABLE: ['get', 'write'],
    RECORDS_TABLE: ['get', 'query', 'write'],
    AUDIT_TABLE: ['append'],
    SECRETS_TABLE: ['get', 'append'],
    FIELD_KEY_ARN: ['use'],
  },
  'operations-api': {
    JOBS_TABLE: ['get', 'write'],
    AUDIT_TABLE: ['append'],
    FIELD_KEY_ARN: ['use'],
  },
  'not-found': {},
  worker: {
    ...moving,
    JOBS_TABLE: ['get', 'query', 'write'],
    // What these three are for is a matter of the kinds that a worker may run: see `KIND_ACCESS`.
    TOPIC_ARN: [],
    BUS_NAME: [],
    BACKUP_BUCKET: [],
    RESULTS_BUCKET: ['put', 'get'],
  },
  'dead-letter': moving,
  tick: { ...moving, JOBS_TABLE: ['get', 'query', 'write', 'by-watch'], TICK_QUEUE_URL: ['send'] },
  'tick-shard': moving,
  reconciler: {
    ...moving,
    JOBS_TABLE: ['get', 'query', 'write', 'by-watch'],
    QUEUES: ['send', 'depth'],
  },
  recurring: accepting,
} as const satisfies {
  [F in FunctionName]: ExactAccess<Extract<ResourceOf<VariablesOf<F>>, keyof Permissions>>;
};

type ExactAccess<R extends keyof Permissions> = { readonly [P in R]: Permissions[P] } & {
  readonly [P in Exclude<keyof Permissions, R>]?: never;
};

/** What a worker may do in addition, because of a kind that runs at its priority and declares that it `uses` this. */
export const KIND_ACCESS = {
  publisher: { TOPIC_ARN: ['publish'], BUS_NAME: ['publish'] },
  archive: { JOBS_TABLE: ['scan'], RECORDS_TABLE: ['scan'], BACKUP_BUCKET: ['put'] },
} as const satisfies Record<string, FunctionAccess>;

import { SYSTEM_OWNER } from '#shared/jobs/ports.ts';

/** What may be done with a table. A transaction needs the permission of each write in it. */
export const TABLE_ACTIONS = {
  get: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
  query: ['dynamodb:Query'],
  /** The doses to come, and nothing else: the grant is bound to their keys. */
  'query-due': ['dynamodb:Query'],
  /** What happened in an hour, in the clear: doses, jobs that were made. */
  'query-events': ['dynamodb:Query'],
  /**
   * Whole items. The audit trail knows no other write. That none stands in its place is a condition of the code: IAM knows
   * none for it, so whoever has the role of a function could overwrite. Where keys are known, the grant is bound to them.
   */
  put: ['dynamodb:PutItem'],
  /** Entries that stand in no job's chain; only those that stand for a minute's refusals. */
  'put-single': ['dynamodb:PutItem'],
  'put-gathered': ['dynamodb:PutItem'],
  /** The keys of the audit trail's pseudonyms, for who reads nothing else by its key. */
  'get-audit-key': ['dynamodb:GetItem'],
  /** The key of keyed hashes; those of pseudonyms; all keys; what is decided about priorities. */
  'put-hash-key': ['dynamodb:PutItem'],
  'put-audit-key': ['dynamodb:PutItem'],
  'put-keys': ['dynamodb:PutItem'],
  'put-pauses': ['dynamodb:PutItem'],
  /** The system's own secret: whoever may make no patient's cannot bring back one that was erased. */
  'put-own': ['dynamodb:PutItem'],
  update: ['dynamodb:UpdateItem'],
  /** Adding to counters of refused requests, and to nothing else: the grant is bound to their keys. */
  count: ['dynamodb:UpdateItem'],
  /** Adding to a user's counter of open jobs, in the transaction that makes a job. */
  'count-open': ['dynamodb:UpdateItem'],
  /** A condition on an item that the transaction itself leaves as it is. */
  check: ['dynamodb:ConditionCheckItem'],
  scan: ['dynamodb:Scan'],
  /** Many items at a time, written and deleted: only in the tables of drills. */
  fill: ['dynamodb:BatchWriteItem'],
  /** Taking away what stands of a user who is erased, and nothing else: the grants are bound to their keys. */
  erase: ['dynamodb:DeleteItem'],
  'erase-recall': ['dynamodb:DeleteItem'],
} as const satisfies Record<string, readonly string[]>;

export type TableAccess = keyof typeof TABLE_ACTIONS;

/** Grants that hold for items of some partition keys only. */
export const BOUND_TO_KEYS = {
  /** Of the counters of refused requests. */
  count: ['REFUSALS#*'],
  'count-open': ['OPEN#*'],
  /** Of days, and of gathered refusals. */
  'put-single': ['DAY#*', 'REFUSAL#*'],
  'put-gathered': ['REFUSAL#*'],
  'get-audit-key': ['KEY#AUDIT#*'],
  'put-hash-key': ['KEY#HASH#*'],
  'put-audit-key': ['KEY#AUDIT#*'],
  'put-keys': ['KEY#*'],
  'put-pauses': ['CONTROL#*'],
  /** Whose secret belongs to no patient. */
  'put-own': [SYSTEM_OWNER],
  'query-due': ['DUE#*'],
  'query-events': ['EVENT#*'],
  /** Of users, of the lists that name them, and of their doses to come. */
  erase: ['OWNER#*', 'USERS', 'GRANTEE#*', 'ERASURES', 'DUE#*'],
  /** Of what results are recalled by. */
  'erase-recall': ['RECALL#*'],
} as const satisfies Partial<Record<TableAccess, readonly string[]>>;

export type BoundAccess = keyof typeof BOUND_TO_KEYS;

export const isBound = (access: string): access is BoundAccess => Object.hasOwn(BOUND_TO_KEYS, access);

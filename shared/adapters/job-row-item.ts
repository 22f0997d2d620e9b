import { marshall } from '@aws-sdk/util-dynamodb';
import { INDEXES, TTL_ATTRIBUTE } from '../contract/tables.ts';
import { ATTEMPTS_KEPT, type AttemptRecord, type JobRow, ROW_VERSION } from '../lifecycle/job-row.ts';
import type { Priority } from '../lifecycle/priority.ts';
import { isTerminal, type Status } from '../lifecycle/transitions.ts';
import type { WatchClass } from '../operations/ports.ts';
import { type Item, keyOf } from './batch-get.ts';
import { jobRowKey } from './item-keys.ts';
import { jobTtl } from './retention.ts';
import { type FieldSpec, readFields, readVersion } from './row-fields.ts';
import { shardOf } from './stable-hash.ts';

const USER = INDEXES.jobsByUser;
const WATCH = INDEXES.jobsByWatch;

const WATCH_CLASSES: Readonly<Partial<Record<Status, WatchClass>>> = {
  scheduled: 'scheduled',
  queued: 'open',
  running: 'open',
  retrying: 'open',
  waiting: 'waiting',
  failed: 'failed',
};

export const watchPartition = (watch: WatchClass, priority: Priority, shard: number): string =>
  `${watch}#${priority}#${shard}`;

export const watchSort = (checkAt: string, jobId: string): string => `${checkAt}#${jobId}`;

/** A job row with its index and TTL attributes, as top-level members of one item. */
export type RowImage = Readonly<Record<string, unknown>>;

export function rowImage(row: JobRow, watchShards: number): RowImage {
  const watch = WATCH_CLASSES[row.status];
  // A failed row is at rest, so it is sorted by its end; a row without a check by its due time.
  const checkAt = row.status === 'failed' ? row.endedAt : row.checkAt;
  return {
    ...row,
    ...(watch && {
      [WATCH.partition]: watchPartition(watch, row.priority, shardOf(row.jobId, watchShards)),
      [WATCH.sort]: watchSort(checkAt ?? row.dueAt, row.jobId),
    }),
    ...userIndexOf(row),
    ...ttlMember(row),
  };
}

/** Where the index by patient has a row; a job about no single patient is in none. */
export const userIndexOf = (row: Pick<JobRow, 'userRef' | 'createdAt' | 'jobId'>): Record<string, string> =>
  row.userRef === undefined
    ? {}
    : {
        [USER.partition]: userMonth(row.userRef, row.createdAt.slice(0, 7)),
        [USER.sort]: `${row.createdAt}#${row.jobId}`,
      };

export const userMonth = (userRef: string, month: string): string => `${userRef}#${month}`;

const ttlMember = (row: JobRow): Record<string, number> =>
  isTerminal(row.status) && row.endedAt !== undefined ? { [TTL_ATTRIBUTE]: jobTtl(row.endedAt) } : {};

export const rowItem = (row: JobRow, watchShards: number): Item => ({
  ...marshall(rowImage(row, watchShards), { removeUndefinedValues: true }),
  ...keyOf(jobRowKey(row.jobId)),
});

const FIELDS: FieldSpec<JobRow> = {
  rowVersion: 'number',
  jobId: 'string',
  kind: 'string',
  priority: 'string',
  status: 'string',
  generation: 'number',
  attempt: 'number',
  attemptLimit: 'number',
  fence: 'number',
  createdAt: 'instant',
  dueAt: 'instant',
  expiresAt: 'instant?',
  nextAttemptAt: 'instant?',
  waitsSince: 'instant?',
  leaseUntil: 'instant?',
  endedAt: 'instant?',
  checkAt: 'instant?',
  checks: 'number',
  resends: 'number',
  userRef: 'string?',
  actorRef: 'string',
  actorRole: 'string',
  correlationId: 'string',
  attempts: 'list',
  errorCode: 'string?',
  summary: 'bytes?',
  parentId: 'string?',
  childKey: 'string?',
  answersFor: 'map?',
  awaited: 'boolean?',
  children: 'list?',
  openChildren: 'number?',
  counted: 'boolean?',
  round: 'number',
  rowSalt: 'string?',
  chainSeq: 'number',
  chainHash: 'string',
};

/** @throws StoredItemError when the row is of a version, or has members, that this code cannot read */
export function parseJobRow(item: Item): JobRow {
  readVersion(item, 'rowVersion', ROW_VERSION, 'job row');
  const row = readFields<JobRow>(item, FIELDS, 'job row');
  return { ...row, attempts: numbered(row.attempts, row.attempt).slice(-ATTEMPTS_KEPT) };
}

/**
 * A claim appends its note without a number, because one update cannot count and quote the count. The last note is
 * that of the row's attempt; those before it count back.
 */
function numbered(notes: readonly Partial<AttemptRecord>[], attempt: number): AttemptRecord[] {
  // A note is written by the claim or by a whole row; only its number may be missing.
  return notes.map(
    (note, index) =>
      ({ ...note, attempt: note.attempt ?? attempt - (notes.length - 1 - index) }) as AttemptRecord,
  );
}

import { PARTITION_KEY, SORT_KEY } from '../contract/tables.ts';
import type { Item } from './batch-get.ts';
import { shardOf } from './stable-hash.ts';

/** Keys of every item, as `shared/contract/tables.ts` names them. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** The key of an item that was read. */
export const keyIn = (item: Item): ItemKey => ({
  pk: item[PARTITION_KEY]?.S ?? '',
  sk: item[SORT_KEY]?.S ?? '',
});

export const jobRowKey = (jobId: string): ItemKey => ({ pk: `JOB#${jobId}`, sk: 'ROW' });
export const payloadKey = (jobId: string): ItemKey => ({ pk: `JOB#${jobId}`, sk: 'PAYLOAD' });
export const resultKey = (jobId: string): ItemKey => ({ pk: `JOB#${jobId}`, sk: 'RESULT' });

export const releaseKey = (jobId: string): ItemKey => ({ pk: `JOB#${jobId}`, sk: 'RELEASE' });

/** How many of the jobs that were asked for about a user have not ended. */
export const openCountKey = (userRef: string): ItemKey => ({ pk: `OPEN#${userRef}`, sk: 'ROW' });

export const idempotencyKey = (keyRef: string): ItemKey => ({ pk: `IDEMPOTENCY#${keyRef}`, sk: 'ROW' });

/** @param hour `YYYY-MM-DDTHH` */
export const outcomePartition = (hour: string, shard: number): string => `OUTCOME#${hour}#${shard}`;

export const outcomeKey = (
  row: { readonly endedAt: string; readonly jobId: string; readonly generation: number },
  shards: number,
): ItemKey => ({
  pk: outcomePartition(row.endedAt.slice(0, 13), shardOf(row.jobId, shards)),
  sk: `${row.endedAt}#${row.jobId}#${row.generation}`,
});

/** @param hour `YYYY-MM-DDTHH` */
export const eventPartition = (hour: string, shard: number): string => `EVENT#${hour}#${shard}`;
/** @param date `YYYY-MM-DD` */
export const fillPartition = (date: string, shard: number): string => `FILL#${date}#${shard}`;
/** @param date `YYYY-MM-DD`, in UTC */
export const latePartition = (date: string): string => `LATE#${date}`;
/** @param hour `YYYY-MM-DDTHH` */
export const refusalPartition = (hour: string, shard: number): string => `REFUSALS#${hour}#${shard}`;

/** What the sort keys of an hour's events begin with. */
export type EventType = 'accepted' | 'dose' | 'break_glass';
export const eventSort = (type: EventType, at: string, id = ''): string =>
  id === '' ? `${type}#${at}` : `${type}#${at}#${id}`;
/** @param ref keyed hash of what results are found by */
export const recallPartition = (ref: string, shard: number): string => `RECALL#${ref}#${shard}`;

export const pauseKey = (priority: string): ItemKey => ({ pk: 'CONTROL#PAUSE', sk: priority });

/** What an operator has asked to be done to many jobs. */
export const bulkActionKey = (id: string): ItemKey => ({ pk: `BULK_ACTION#${id}`, sk: 'ROW' });

export const breakGlassKey = (grantId: string): ItemKey => ({ pk: `BREAK_GLASS#${grantId}`, sk: 'ROW' });
/** @param userRef of the patient */
export const breakGlassPointerKey = (actorRef: string, userRef: string): ItemKey => ({
  pk: `BREAK_GLASS_HOLDER#${actorRef}`,
  sk: userRef,
});

export const dayKeyKey = (day: string): ItemKey => ({ pk: `KEY#DAY#${day}`, sk: 'ROW' });
/** Rows, records and queues know people by hashes under this key. */
export const HASH_KEY_KEY: ItemKey = { pk: 'KEY#HASH#1', sk: 'ROW' };
/** The audit trail knows them by pseudonyms under the key of a year. @param version `YYYY` */
export const auditKeyKey = (version: string): ItemKey => ({ pk: `KEY#AUDIT#${version}`, sk: 'ROW' });

export const ownerPartition = (owner: string): string => `OWNER#${owner}`;
export const recordKey = (key: {
  readonly type: string;
  readonly owner: string;
  readonly id: string;
}): ItemKey => ({
  pk: ownerPartition(key.owner),
  sk: `${key.type}#${key.id}`,
});

/** One row for each user who has a medication, sorted by ref. */
export const USERS_PARTITION = 'USERS';

/** One row for each user who has ever given that person a grant, sorted by ref. */
export const granteePartition = (grantee: string): string => `GRANTEE#${grantee}`;

/** One row for each user who is to be erased: `<due>#<ref>`. */
export const ERASURES_PARTITION = 'ERASURES';
export const erasureSort = (dueAt: string, owner: string): string => `${dueAt}#${owner}`;

/** @param minute any instant within the minute */
export const duePartition = (shard: number, minute: string): string => `DUE#${shard}#${minute.slice(0, 16)}`;

export const watermarkKey = (shard: number): ItemKey => ({ pk: 'WATERMARK', sk: String(shard) });

export const secretKey = (owner: string): ItemKey => ({ pk: owner, sk: 'SECRET' });

export const chainPartition = (jobId: string): string => `JOB#${jobId}`;
/** Eight digits, so that text order is the chain's order. */
export const chainSort = (seq: number): string => String(seq).padStart(8, '0');

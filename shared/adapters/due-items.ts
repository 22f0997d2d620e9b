import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { TTL_ATTRIBUTE } from '../contract/tables.ts';
import type { RecordWrite } from '../jobs/ports.ts';
import type { DueEntry } from '../operations/ports.ts';
import { type Item, keyOf } from './batch-get.ts';
import { duePartition, type ItemKey } from './item-keys.ts';
import { ttlAfter } from './retention.ts';
import { type FieldSpec, readFields } from './row-fields.ts';
import { shardOf } from './stable-hash.ts';

/** Longer than any outage that a tick catches up after; a dose found later than that is of no use. */
const KEEP_DAYS = 60;

/**
 * The due-bucket entry that comes with an active schedule's next dose. Entries are only ever appended: an index row
 * that moves with every dose would cost three writes, this costs one.
 * @throws Error when the function was not given the number of shards
 */
export function dueItems(
  table: string,
  write: RecordWrite,
  dueShards: number | undefined,
): TransactWriteItem[] {
  if (write.type !== 'schedule' || write.state.status !== 'active' || write.isEntered) return [];
  const { nextDueAt, revision } = write.state;
  if (nextDueAt === null) return [];
  if (dueShards === undefined)
    throw new Error('This function writes schedules but was not given the number of due shards.');
  const entry: DueEntry = {
    owner: write.owner,
    medicationRef: write.id,
    scheduleRevision: revision,
    dueAt: nextDueAt,
  };
  const key = dueKey(entry, dueShards);
  return [
    {
      Put: {
        TableName: table,
        Item: {
          ...marshall({ ...entry, [TTL_ATTRIBUTE]: ttlAfter(nextDueAt, KEEP_DAYS) }),
          ...keyOf(key),
        },
      },
    },
  ];
}

export const dueKey = (
  { owner, medicationRef, scheduleRevision, dueAt }: DueEntry,
  shards: number,
): ItemKey => ({
  pk: duePartition(shardOf(`${owner}#${medicationRef}`, shards), dueAt),
  sk: `${dueAt}#${owner}#${medicationRef}#${scheduleRevision}`,
});

const FIELDS: FieldSpec<DueEntry> = {
  owner: 'string',
  medicationRef: 'string',
  scheduleRevision: 'number',
  dueAt: 'string',
};

/** @throws StoredItemError */
export const parseDueEntry = (item: Item): DueEntry => readFields<DueEntry>(item, FIELDS, 'due entry');

import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { RETENTION_DAYS, TTL_ATTRIBUTE } from '../contract/tables.ts';
import type {
  JsonObject,
  OccurrenceStateWrite,
  RecordType,
  RecordVersion,
  RecordWrite,
  StoredRecord,
} from '../jobs/ports.ts';
import type { Clock } from '../lifecycle/instant.ts';
import { type Item, keyOf } from './batch-get.ts';
import { dueItems } from './due-items.ts';
import { eventItems } from './event-items.ts';
import type { FieldCipher } from './field-cipher.ts';
import {
  ERASURES_PARTITION,
  erasureSort,
  granteePartition,
  type ItemKey,
  recordKey,
  USERS_PARTITION,
} from './item-keys.ts';
import { ttlAfter } from './retention.ts';
import { readFields, readVersion, StoredItemError } from './row-fields.ts';

/** Version of a record item's shape; not the record's own version, which counts its writes. */
export const RECORD_ITEM_VERSION = 1;

export interface RecordItemsOptions {
  /** Deployed names. */
  readonly tables: { readonly records: string; readonly jobs: string };
  readonly cipher: FieldCipher;
  readonly clock: Clock;
  /** `due` is only needed by functions that write active schedules, `outcome` by those that write what roll-ups read. */
  readonly shards: { readonly due?: number | undefined; readonly outcome?: number | undefined };
}

/**
 * All items of some record writes, with what they tell roll-ups; each record's own item carries the condition of its
 * expected version.
 * @param closing the state of an occurrence that the same transaction writes by itself: roll-ups are told of it, too
 */
export async function recordItems(
  options: RecordItemsOptions,
  writes: readonly RecordWrite[],
  closing?: OccurrenceStateWrite,
): Promise<TransactWriteItem[]> {
  const { cipher, clock, shards, tables } = options;
  const events = { table: tables.jobs, outcomeShards: shards.outcome, cipher, now: clock() };
  const items = await Promise.all(writes.map((write) => itemsOf(options, write)));
  return [
    ...items.flat(),
    ...userRowItems(tables.records, writes),
    ...granteeItems(tables.records, writes),
    ...erasureItems(tables.records, writes),
    ...(await eventItems(events, writes, closing)),
  ];
}

async function itemsOf(options: RecordItemsOptions, write: RecordWrite): Promise<TransactWriteItem[]> {
  const key = recordKey(write);
  // `body` is one of the JSON shapes of RecordShapes.
  const body = await options.cipher.seal(bodyPlace(key), write.owner, write.body as JsonObject);
  const { condition, values } = expected(write.expect);
  const ttl = ttlOf(write);
  const members = {
    v: RECORD_ITEM_VERSION,
    type: write.type,
    id: write.id,
    state: write.state,
    ...(ttl !== undefined && { [TTL_ATTRIBUTE]: ttl }),
  };
  return [
    {
      Update: {
        TableName: options.tables.records,
        Key: keyOf(key),
        ...(condition !== undefined && { ConditionExpression: condition }),
        UpdateExpression: [
          'SET #version = if_not_exists(#version, :zero) + :one',
          '#body = :body',
          ...Object.keys(members).map((name) => `#${name} = :${name}`),
        ].join(', '),
        ExpressionAttributeNames: Object.fromEntries(
          ['version', 'body', ...Object.keys(members)].map((name) => [`#${name}`, name]),
        ),
        ExpressionAttributeValues: {
          ...marshall(
            {
              ...values,
              ':zero': 0,
              ':one': 1,
              ...Object.fromEntries(Object.entries(members).map(([name, value]) => [`:${name}`, value])),
            },
            { removeUndefinedValues: true },
          ),
          ':body': { B: body },
        },
      },
    },
    ...dueItems(options.tables.records, write, options.shards.due),
  ];
}

/**
 * The rows that list the users of new medications, so that a sweep over everybody scans no table. An update, because
 * whoever writes records may update them, and because a row that stands already is left as it is.
 */
function userRowItems(table: string, writes: readonly RecordWrite[]): TransactWriteItem[] {
  const isNew = (write: RecordWrite) => write.type === 'medication' && typeof write.expect !== 'number';
  // Two medications of one user are one row: a transaction may not touch an item twice.
  const owners = new Set(writes.filter(isNew).map(({ owner }) => owner));
  return [...owners].map((owner) => indexRow(table, { pk: USERS_PARTITION, sk: owner }));
}

/** Where lists find the patients of those who have a grant; hashes only, and never taken away. */
const granteeItems = (table: string, writes: readonly RecordWrite[]): TransactWriteItem[] =>
  writes.flatMap(({ owner, grantees = [] }) =>
    [...new Set(grantees)].map((grantee) => indexRow(table, { pk: granteePartition(grantee), sk: owner })),
  );

const indexRow = (table: string, key: ItemKey): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: keyOf(key),
    UpdateExpression: 'SET #v = :v',
    ExpressionAttributeNames: { '#v': 'v' },
    ExpressionAttributeValues: { ':v': { N: String(RECORD_ITEM_VERSION) } },
  },
});

/** The row by which an erasure is found when its time has come. One that is revoked leaves its row: the record decides. */
const erasureItems = (table: string, writes: readonly RecordWrite[]): TransactWriteItem[] =>
  writes.flatMap((write) => {
    if (write.type !== 'erasure' || write.state.status !== 'scheduled') return [];
    const { owner } = write;
    const { dueAt = '' } = write.state;
    return [
      {
        Update: {
          TableName: table,
          Key: keyOf({ pk: ERASURES_PARTITION, sk: erasureSort(dueAt, owner) }),
          UpdateExpression: 'SET #owner = :owner, #dueAt = :dueAt',
          ExpressionAttributeNames: { '#owner': 'owner', '#dueAt': 'dueAt' },
          ExpressionAttributeValues: { ':owner': { S: owner }, ':dueAt': { S: dueAt } },
        },
      },
    ];
  });

/** True as long as a record stands as it was read; nothing is written. */
export function unchangedItem(table: string, record: RecordVersion): TransactWriteItem {
  const { condition = '', values } = expected(record.version);
  return {
    ConditionCheck: {
      TableName: table,
      Key: keyOf(recordKey(record)),
      ConditionExpression: condition,
      ...(record.version !== 'absent' && {
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: marshall(values),
      }),
    },
  };
}

function expected(expect: RecordWrite['expect']): {
  readonly condition?: string;
  readonly values: Record<string, number>;
} {
  if (expect === 'any') return { values: {} };
  if (expect === 'absent') return { condition: 'attribute_not_exists(pk)', values: {} };
  return { condition: '#version = :expected', values: { ':expected': expect } };
}

function ttlOf(write: RecordWrite): number | undefined {
  if (write.type === 'occurrence') return ttlAfter(write.state.dueAt, RETENTION_DAYS.occurrences);
  // As long as the jobs that are made of it.
  if (write.type === 'import-line') return ttlAfter(write.state.acceptedAt, RETENTION_DAYS.jobs);
  return undefined;
}

const bodyPlace = (key: ItemKey) => ({ table: 'records', ...key, attribute: 'body' }) as const;

/** @throws StoredItemError, FieldCipherError */
export async function parseRecord<T extends RecordType>(
  cipher: FieldCipher,
  type: T,
  owner: string,
  item: Item,
): Promise<StoredRecord<T>> {
  readVersion(item, 'v', RECORD_ITEM_VERSION, 'record');
  const { id, version, state } = readFields<{
    id: string;
    version: number;
    state: StoredRecord<T>['state'];
  }>(item, { id: 'string', version: 'number', state: 'map' }, `record of type ${type}`);
  const sealed = item['body']?.B;
  const body =
    type === 'erased' && !sealed
      ? {}
      : await cipher.open(bodyPlace(recordKey({ type, owner, id })), owner, sealed);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new StoredItemError(`The body of a stored record of type ${type} is no object.`);
  // Bodies are written by this code only, typed by RecordShapes, and the envelope proves that they are unaltered.
  return { type, id, version, state, body: body as unknown as StoredRecord<T>['body'] };
}

/** Epoch seconds of an item's TTL attribute, when it has one. */
export const ttlOfItem = (item: Item): number | undefined => {
  const text = item[TTL_ATTRIBUTE]?.N;
  return text === undefined ? undefined : Number(text);
};

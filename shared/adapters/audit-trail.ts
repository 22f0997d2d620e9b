import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AUDIT_SHARDS, INDEXES, PARTITION_KEY, SORT_KEY } from '../contract/tables.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import { readLine } from '../evidence/read-seal.ts';
import {
  type Hour,
  identityOf,
  mergeOrdered,
  type PlacedEntry,
  placed,
  placedMalformed,
} from '../evidence/seal.ts';
import type { AuditTrail, TrailEntry } from '../operations/seal-ports.ts';
import {
  auditPut,
  gatheredPartition,
  gatheredSort,
  hourPartition,
  parseAuditEntry,
  unchainedPartition,
} from './audit-items.ts';
import type { Item } from './batch-get.ts';
import { itemHash } from './item-hash.ts';
import { keyIn } from './item-keys.ts';
import { queryItems } from './query-pages.ts';

export interface AuditTrailOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the audit table. */
  readonly table: string;
  /**
   * Also looks where entries stand that are in no job's chain, without the index: an entry that was slipped in there is
   * then found, too.
   */
  readonly alsoByKey?: boolean;
}

/** Items of one page and shard: what listing an hour takes in memory. */
const PAGE_ITEMS = 200;
const MINUTES = Array.from({ length: 60 }, (_, minute) => String(minute).padStart(2, '0'));

/** The trail by its index of hours. */
export function createAuditTrail({ client, table, alsoByKey = false }: AuditTrailOptions): AuditTrail {
  const { name, partition } = INDEXES.auditByHour;
  const shardOfHour = (hour: Hour, shard: number) =>
    queryItems(client, {
      TableName: table,
      IndexName: name,
      KeyConditionExpression: `${partition} = :hour`,
      ExpressionAttributeValues: { ':hour': { S: hourPartition(hour, shard) } },
      Limit: PAGE_ITEMS,
    });
  const unchained = (hour: Hour) =>
    queryItems(client, {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: `${PARTITION_KEY} = :day AND begins_with(${SORT_KEY}, :hour)`,
      ExpressionAttributeValues: { ':day': { S: unchainedPartition(hour) }, ':hour': { S: `${hour}:` } },
      Limit: PAGE_ITEMS,
    });
  const gathered = (hour: Hour, minute: string) =>
    queryItems(client, {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: `${PARTITION_KEY} = :minute`,
      ExpressionAttributeValues: { ':minute': { S: gatheredPartition(`${hour}:${minute}:00.000Z`) } },
    });

  return {
    hour: async function* (hour) {
      const list = (items: AsyncIterable<Item>, sort: SortOf) => inOrder({ table, hour, sort }, items);
      const shards = Array.from({ length: AUDIT_SHARDS }, (_, shard) =>
        list(shardOfHour(hour, shard), (item) => item[INDEXES.auditByHour.sort]?.S),
      );
      if (!alsoByKey) return yield* mergeOrdered(shards);
      const keyed = [
        list(unchained(hour), (item) => keyIn(item).sk),
        ...MINUTES.map((minute) =>
          list(gathered(hour, minute), (item) => gatheredSort(`${hour}:${minute}:00.000Z`, keyIn(item).sk)),
        ),
      ];
      yield* distinct(mergeOrdered([...shards, ...keyed]));
    },
  };
}

/** By what a query orders its items: of an entry it is its time and id. */
type SortOf = (item: Item) => string | undefined;

interface Listing {
  readonly table: string;
  readonly hour: Hour;
  readonly sort: SortOf;
}

/**
 * A query orders by time and id; what stands alike is put into order by its hash. What is no entry, or stands where its
 * entry would not, comes after all the others: however many there are, each takes the memory of a hash.
 */
async function* inOrder(listing: Listing, items: AsyncIterable<Item>): AsyncGenerator<TrailEntry> {
  let alike: TrailEntry[] = [];
  const malformed: TrailEntry[] = [];
  for await (const item of items) {
    const next = trailEntry(listing, item);
    if (!next.entry) {
      malformed.push(next);
      continue;
    }
    if (alike[0] && identityOf(alike[0]) !== identityOf(next)) {
      yield* alike.sort(byPlace);
      alike = [];
    }
    alike.push(next);
  }
  yield* alike.sort(byPlace);
  yield* malformed.sort(byPlace);
}

const byPlace = (a: TrailEntry, b: TrailEntry): number => (a.place < b.place ? -1 : 1);

/** An entry that the index and its key both lead to is one. */
async function* distinct(entries: AsyncIterable<TrailEntry>): AsyncGenerator<TrailEntry> {
  let last: TrailEntry | undefined;
  for await (const next of entries) {
    const same = last?.line === next.line && last.intact === next.intact;
    if (!same) yield next;
    last = next;
  }
}

function trailEntry({ table, hour, sort }: Listing, item: Item): TrailEntry {
  const found = readItem(item);
  // Out of its order it would break that of all others.
  if (!found || identityOf(found) !== sort(item))
    return { ...placedMalformed({ v: 1, malformed: true, hour, hash: itemHash(item) }), intact: false };
  return { ...found, intact: isDeepStrictEqual(item, { ...auditPut(table, found.entry).Item }) };
}

/** Whatever somebody has put there, it must not stop what lists the hour: then it is no entry. */
function readItem(item: Item): (PlacedEntry & { readonly entry: AuditEntry }) | undefined {
  try {
    const found = placed(parseAuditEntry(item));
    return readLine(found.line) ? found : undefined;
  } catch {
    return undefined;
  }
}

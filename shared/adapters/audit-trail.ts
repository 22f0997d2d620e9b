import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AUDIT_SHARDS, INDEXES, PARTITION_KEY, SORT_KEY } from '../contract/tables.ts';
import { type Hour, mergeOrdered, placed } from '../evidence/seal.ts';
import type { AuditTrail, TrailEntry } from '../operations/seal-ports.ts';
import {
  auditPut,
  gatheredPartition,
  hourPartition,
  parseAuditEntry,
  unchainedPartition,
} from './audit-items.ts';
import type { Item } from './batch-get.ts';
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
      const shards = Array.from({ length: AUDIT_SHARDS }, (_, shard) =>
        inOrder(table, shardOfHour(hour, shard)),
      );
      if (!alsoByKey) return yield* mergeOrdered(shards);
      const keyed = [unchained(hour), ...MINUTES.map((minute) => gathered(hour, minute))];
      yield* distinct(mergeOrdered([...shards, ...keyed.map((items) => inOrder(table, items))]));
    },
  };
}

/** The index orders by time and id, and so do sort keys; what stands alike is put into order by its hash. */
async function* inOrder(table: string, items: AsyncIterable<Item>): AsyncGenerator<TrailEntry> {
  let alike: TrailEntry[] = [];
  for await (const item of items) {
    const next = trailEntry(table, item);
    if (alike[0] && sortOf(alike[0]) !== sortOf(next)) {
      yield* alike.sort((a, b) => (a.place < b.place ? -1 : 1));
      alike = [];
    }
    alike.push(next);
  }
  yield* alike.sort((a, b) => (a.place < b.place ? -1 : 1));
}

const sortOf = ({ entry }: TrailEntry): string => `${entry.at}#${entry.entryId}`;

/** An entry that the index and its key both lead to is one. */
async function* distinct(entries: AsyncIterable<TrailEntry>): AsyncGenerator<TrailEntry> {
  let last: TrailEntry | undefined;
  for await (const next of entries) {
    const same = last?.line === next.line && last.intact === next.intact;
    if (!same) yield next;
    last = next;
  }
}

function trailEntry(table: string, item: Item): TrailEntry {
  const entry = parseAuditEntry(item);
  return { entry, ...placed(entry), intact: isDeepStrictEqual(item, { ...auditPut(table, entry).Item }) };
}

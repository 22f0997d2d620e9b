import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, REFUSAL_SHARDS, SORT_KEY } from '../contract/tables.ts';
import { type EventReader, hourOf, type RefusalCount } from '../jobs/ports.ts';
import { addSeconds, type Clock, type Instant } from '../lifecycle/instant.ts';
import type { Item } from './batch-get.ts';
import type { FieldCipher } from './field-cipher.ts';
import {
  type EventType,
  eventPartition,
  eventSort,
  fillPartition,
  latePartition,
  refusalPartition,
} from './item-keys.ts';
import {
  acceptedOf,
  breakGlassOf,
  doseOf,
  EVENT_VERSION,
  isGone,
  lateHoursOf,
  openFill,
  refusalsOf,
} from './parse-events.ts';
import { queryItems } from './query-pages.ts';
import { ttlOfItem } from './record-items.ts';
import { isOver } from './retention.ts';
import { readVersion } from './row-fields.ts';

export interface EventReaderOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly outcomeShards: number;
  /** Opens dispensings. */
  readonly cipher: FieldCipher;
  readonly clock: Clock;
}

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

/** What happened in an hour, beside the jobs that ended in it. */
export function createEventReader(options: EventReaderOptions): EventReader {
  const { client, table, outcomeShards, cipher, clock } = options;

  /** The living items of a partition, or those whose sort keys lie between two. */
  async function* itemsOf(partition: string, between?: readonly [string, string]): AsyncIterable<Item> {
    const [from, until] = between ?? [];
    const items = queryItems(client, {
      TableName: table,
      KeyConditionExpression: `${PARTITION_KEY} = :partition${between ? ` AND ${SORT_KEY} BETWEEN :from AND :until` : ''}`,
      ExpressionAttributeValues: {
        ':partition': { S: partition },
        ...(from !== undefined && until !== undefined && { ':from': { S: from }, ':until': { S: until } }),
      },
    });
    for await (const item of items) {
      if (isOver(ttlOfItem(item), clock())) continue;
      readVersion(item, 'v', EVENT_VERSION, 'event');
      yield item;
    }
  }

  async function* events(type: EventType, start: Instant, end: Instant): AsyncIterable<Item> {
    // An empty window has no hours; DynamoDB refuses bounds that are the wrong way round.
    if (start >= end) return;
    // `<type>#<end>#<id>` sorts after `<type>#<end>`: what happened exactly at the end is left out.
    const between = [eventSort(type, start), eventSort(type, end)] as const;
    for (let hour = hourOf(start); hour < end; hour = addSeconds(hour, HOUR_SECONDS))
      for (let shard = 0; shard < outcomeShards; shard += 1)
        yield* itemsOf(eventPartition(hour.slice(0, 13), shard), between);
  }

  return {
    accepted: async function* (start, end) {
      for await (const item of events('accepted', start, end)) yield* acceptedOf(item);
    },

    doses: async function* (start, end) {
      for await (const item of events('dose', start, end)) if (!isGone(item)) yield doseOf(item);
    },

    fills: async function* (from, until) {
      const shards = Array.from({ length: outcomeShards }, (_, shard) => shard);
      const read = (date: string): Promise<Item[][]> | undefined => {
        if (date >= until) return undefined;
        const items = Promise.all(shards.map((shard) => collected(itemsOf(fillPartition(date, shard)))));
        // Whoever waits for it hears of its failure; nobody may.
        items.catch(() => undefined);
        return items;
      };
      // The next date is read while this one is opened, so that a year does not wait for each of its queries.
      let next = read(from);
      for (let date = from; date < until; date = nextDate(date)) {
        const shardsItems = (await next) ?? [];
        next = read(nextDate(date));
        for (const items of shardsItems) for (const item of items) yield await openFill(cipher, date, item);
      }
    },

    refusals: async function* (start, end) {
      const first = hourOf(addSeconds(start, HOUR_SECONDS - 0.001));
      for (let hour = first; hour < end; hour = addSeconds(hour, HOUR_SECONDS)) {
        const sums = new Map<string, RefusalCount>();
        for (let shard = 0; shard < REFUSAL_SHARDS; shard += 1)
          for await (const item of itemsOf(refusalPartition(hour.slice(0, 13), shard))) {
            const { step, code, count } = refusalsOf(item);
            const before = sums.get(`${step}#${code}`)?.count ?? 0;
            sums.set(`${step}#${code}`, { hour, step, code, count: before + count });
          }
        yield* sums.values();
      }
    },

    breakGlass: async function* (start, end) {
      for await (const item of events('break_glass', start, end)) yield breakGlassOf(item);
    },

    lateHours: async (date) => {
      const hours = new Set<Instant>();
      for await (const item of itemsOf(latePartition(date)))
        for (const hour of lateHoursOf(item)) hours.add(hour);
      return [...hours].sort();
    },
  };
}

async function collected(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const nextDate = (date: string): string => addSeconds(`${date}T00:00:00.000Z`, DAY_SECONDS).slice(0, 10);

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { REFUSAL_SHARDS, RETENTION_DAYS, TTL_ATTRIBUTE } from '../contract/tables.ts';
import type { RandomSource, RefusalCounter } from '../operations/ports.ts';
import { keyOf } from './batch-get.ts';
import { refusalPartition } from './item-keys.ts';
import { EVENT_VERSION } from './parse-events.ts';
import { ttlAfter } from './retention.ts';
import { shardOf } from './stable-hash.ts';
import { updateItem } from './update-item.ts';

export interface RefusalCounterOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly random: RandomSource;
}

/** Each environment counts in one shard, drawn once: a flood over many of them has no single hot item. */
export function createRefusalCounter({ client, table, random }: RefusalCounterOptions): RefusalCounter {
  const shard = shardOf(random.hex(8), REFUSAL_SHARDS);
  return {
    add: async ({ hour, step, code, count }) => {
      await updateItem(client, {
        TableName: table,
        Key: keyOf({ pk: refusalPartition(hour.slice(0, 13), shard), sk: `${step}#${code}` }),
        UpdateExpression: 'SET #v = :v, #ttl = :ttl, #step = :step, #code = :code ADD #count :count',
        ExpressionAttributeNames: {
          '#v': 'v',
          '#ttl': TTL_ATTRIBUTE,
          '#step': 'step',
          '#code': 'code',
          '#count': 'count',
        },
        ExpressionAttributeValues: {
          ':v': { N: String(EVENT_VERSION) },
          ':ttl': { N: String(ttlAfter(hour, RETENTION_DAYS.outcomes)) },
          ':step': { S: step },
          ':code': { S: code },
          ':count': { N: String(count) },
        },
      });
    },
  };
}

import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY } from '../contract/tables.ts';
import type { DueBuckets } from '../operations/ports.ts';
import { keyOf } from './batch-get.ts';
import { parseDueEntry } from './due-items.ts';
import { duePartition, watermarkKey } from './item-keys.ts';
import { queryItems } from './query-pages.ts';
import { callAws } from './sdk-errors.ts';
import { updateItem } from './update-item.ts';

export interface DueBucketsOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the records table. */
  readonly table: string;
  readonly shards: number;
}

/** Minute buckets of due schedules and how far each shard has read them. */
export function createDueBuckets({ client, table, shards }: DueBucketsOptions): DueBuckets {
  return {
    shards,

    watermark: async (shard) => {
      const command = new GetItemCommand({
        TableName: table,
        Key: keyOf(watermarkKey(shard)),
        ConsistentRead: true,
      });
      const { Item } = await callAws('DynamoDB GetItem', () => client.send(command));
      return Item?.['readUntil']?.S;
    },

    moveWatermark: async (shard, to) => {
      // Refused when another worker of this shard is further: only ever forward, so there is nothing to do.
      await updateItem(client, {
        TableName: table,
        Key: keyOf(watermarkKey(shard)),
        UpdateExpression: 'SET readUntil = :to',
        ConditionExpression: 'attribute_not_exists(readUntil) OR readUntil < :to',
        ExpressionAttributeValues: { ':to': { S: to } },
      });
    },

    read: async function* (shard, minute) {
      const items = queryItems(client, {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: `${PARTITION_KEY} = :bucket`,
        ExpressionAttributeValues: { ':bucket': { S: duePartition(shard, minute) } },
      });
      for await (const item of items) yield parseDueEntry(item);
    },
  };
}

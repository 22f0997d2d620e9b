import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '../contract/tables.ts';
import { hourOf } from '../jobs/ports.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import type { PastDoses } from '../operations/pause-ports.ts';
import type { Item } from './batch-get.ts';
import { eventPartition, eventSort } from './item-keys.ts';
import { callAws } from './sdk-errors.ts';

export interface PastDosesOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly outcomeShards: number;
}

const HOUR_SECONDS = 3_600;
/** One page is up to 1 MB of rows, some two thousand. */
const MOST_PAGES = 20;
/** Doses are spread over the shards by hash, so one of them tells of all. */
const SAMPLED_SHARD = 0;

/** Counts the rows that doses leave for roll-ups, in one shard of each hour, and takes it for all shards. */
export function createPastDoses({ client, table, outcomeShards }: PastDosesOptions): PastDoses {
  const countHour = async (hour: Instant, from: Instant, until: Instant): Promise<number> => {
    let count = 0;
    let start: Item | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const command = new QueryCommand({
        TableName: table,
        Select: 'COUNT',
        // `dose#<until>#<id>` sorts after `dose#<until>`: what was due exactly then is left out.
        KeyConditionExpression: `${PARTITION_KEY} = :partition AND ${SORT_KEY} BETWEEN :from AND :until`,
        ExpressionAttributeValues: {
          ':partition': { S: eventPartition(hour.slice(0, 13), SAMPLED_SHARD) },
          ':from': { S: eventSort('dose', from) },
          ':until': { S: eventSort('dose', until) },
        },
        ...(start && { ExclusiveStartKey: start }),
      });
      const answer = await callAws('DynamoDB Query', () => client.send(command));
      count += answer.Count ?? 0;
      start = answer.LastEvaluatedKey;
      if (!start) break;
    }
    return count;
  };

  return {
    count: async (from, until) => {
      const hours: Instant[] = [];
      for (let hour = hourOf(from); hour < until; hour = addSeconds(hour, HOUR_SECONDS)) hours.push(hour);
      const counts = await Promise.all(hours.map((hour) => countHour(hour, from, until)));
      return counts.reduce((sum, count) => sum + count, 0) * outcomeShards;
    },
  };
}

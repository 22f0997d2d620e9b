import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { INDEXES } from '../contract/tables.ts';
import type { OpenCount, OpenJobs } from '../operations/pause-ports.ts';
import type { Item } from './batch-get.ts';
import { watchPartition } from './job-row-item.ts';
import { callAws } from './sdk-errors.ts';

export interface OpenJobsOptions {
  readonly client: DynamoDBClient;
  /** Deployed name of the jobs table. */
  readonly table: string;
  readonly watchShards: number;
}

/** One page is up to 1 MB of rows, some thousand; more of a partition is not read for the sake of a number. */
const MOST_PAGES = 10;

/** Counts by the status index, which follows the table within moments. */
export function createOpenJobs({ client, table, watchShards }: OpenJobsOptions): OpenJobs {
  const countPartition = async (
    partition: string,
    kind: string | undefined,
    limit: number,
  ): Promise<OpenCount> => {
    let count = 0;
    let start: Item | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const command = new QueryCommand({
        TableName: table,
        IndexName: INDEXES.jobsByWatch.name,
        Select: 'COUNT',
        KeyConditionExpression: `${INDEXES.jobsByWatch.partition} = :partition`,
        ExpressionAttributeValues: { ':partition': { S: partition }, ...(kind && { ':kind': { S: kind } }) },
        ...(kind && { FilterExpression: 'kind = :kind' }),
        ...(start && { ExclusiveStartKey: start }),
      });
      const answer = await callAws('DynamoDB Query', () => client.send(command));
      count += answer.Count ?? 0;
      start = answer.LastEvaluatedKey;
      if (!start || count > limit) break;
    }
    return { count, more: start !== undefined };
  };

  return {
    count: async ({ priority, watches, kind }, limit) => {
      const partitions = watches.flatMap((watch) =>
        Array.from({ length: watchShards }, (_, shard) => watchPartition(watch, priority, shard)),
      );
      const counts = await Promise.all(partitions.map((partition) => countPartition(partition, kind, limit)));
      const all = counts.reduce((sum, { count }) => sum + count, 0);
      return { count: Math.min(all, limit), more: all > limit || counts.some(({ more }) => more) };
    },
  };
}

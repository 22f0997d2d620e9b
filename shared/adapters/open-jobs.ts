import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { INDEXES } from '../contract/tables.ts';
import type { JobFilter } from '../operations/bulk-ports.ts';
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
    { names, values, conditions }: FilterTerms,
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
        ExpressionAttributeValues: { ':partition': { S: partition }, ...values },
        ...(conditions.length > 0 && {
          FilterExpression: conditions.join(' AND '),
          ExpressionAttributeNames: names,
        }),
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
    count: async ({ priority, watches, ...filter }, limit) => {
      const terms = filterTerms(filter);
      const partitions = watches.flatMap((watch) =>
        Array.from({ length: watchShards }, (_, shard) => watchPartition(watch, priority, shard)),
      );
      const counts = await Promise.all(
        partitions.map((partition) => countPartition(partition, terms, limit)),
      );
      const all = counts.reduce((sum, { count }) => sum + count, 0);
      return { count: Math.min(all, limit), more: all > limit || counts.some(({ more }) => more) };
    },
  };
}

/** What an expression is made of. */
interface FilterTerms {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
  readonly conditions: readonly string[];
}

const COMPARED = {
  kind: ['kind', '='],
  status: ['status', '='],
  errorCode: ['errorCode', '='],
  from: ['createdAt', '>='],
  to: ['createdAt', '<'],
} as const;

function filterTerms(filter: Omit<JobFilter, 'priority'>): FilterTerms {
  const rows = Object.entries(COMPARED).flatMap(([member, [attribute, operator]]) => {
    const value = new Map(Object.entries(filter)).get(member);
    return value === undefined ? [] : [{ member, attribute, operator, value }];
  });
  return {
    names: Object.fromEntries(rows.map(({ member, attribute }) => [`#${member}`, attribute])),
    values: Object.fromEntries(rows.map(({ member, value }) => [`:${member}`, { S: value }])),
    conditions: rows.map(({ member, operator }) => `#${member} ${operator} :${member}`),
  };
}

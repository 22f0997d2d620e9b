import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { scriptedClient } from '#test/contracts/scripted-aws.ts';
import { createOpenJobs } from './open-jobs.ts';

/** Partitions whose pages have so many matching rows each. */
function counting(pages: Readonly<Record<string, readonly number[]>>) {
  const { client, calls } = scriptedClient<DynamoDBClient>((_, input) => {
    // Shapes of the query's input.
    const { ExpressionAttributeValues: values, ExclusiveStartKey: start } = input as unknown as {
      ExpressionAttributeValues: { ':partition': { S: string } };
      ExclusiveStartKey?: { page: { N: string } };
    };
    const own = pages[values[':partition'].S] ?? [];
    const page = Number(start?.page.N ?? 0);
    const more = page + 1 < own.length;
    return { Count: own[page] ?? 0, ...(more && { LastEvaluatedKey: { page: { N: String(page + 1) } } }) };
  });
  return { calls, openJobs: createOpenJobs({ client, table: 'jobs', watchShards: 2 }) };
}

const filter = { priority: 'LOW', watches: ['open'] } as const;

describe('the number of open jobs in DynamoDB', () => {
  it('adds up shards and pages, and transfers no row', async () => {
    const { calls, openJobs } = counting({ 'open#LOW#0': [3, 4], 'open#LOW#1': [5] });
    expect(await openJobs.count(filter, 100)).toEqual({ count: 12, more: false });
    expect(calls.map(({ input }) => input['Select'])).toEqual(['COUNT', 'COUNT', 'COUNT']);
  });

  it('reads no further page of a shard that has more than asked for', async () => {
    const { calls, openJobs } = counting({ 'open#LOW#0': [11, 11, 11] });
    expect(await openJobs.count(filter, 10)).toEqual({ count: 10, more: true });
    expect(calls).toHaveLength(2);
  });

  it('says that there may be more when it gave up looking through rows of other kinds', async () => {
    const { calls, openJobs } = counting({ 'open#LOW#1': Array.from({ length: 50 }, () => 0) });
    expect(await openJobs.count({ ...filter, kind: 'rare' }, 10)).toEqual({ count: 0, more: true });
    expect(calls.length).toBeLessThan(20);
  });
});

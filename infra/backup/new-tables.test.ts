import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { scriptedClient } from '#test/contracts/scripted-aws.ts';
import { makeTables, putIntoService } from './new-tables.ts';

/** DynamoDB in which these tables stand. */
function dynamoWith(...standing: string[]) {
  const tables = new Set(standing);
  return scriptedClient<DynamoDBClient>((name, input) => {
    const table = String(input['TableName']);
    if (name === 'CreateTable') tables.add(table);
    else if (!tables.has(table)) throw new ResourceNotFoundException({ message: '', $metadata: {} });
    return { Table: { TableStatus: 'ACTIVE' } };
  });
}

describe('the tables of a restore', () => {
  const made = ({ calls }: ReturnType<typeof dynamoWith>) =>
    calls.flatMap(({ name, input }) => (name === 'CreateTable' ? [input['TableName']] : []));
  const names = { jobs: 'rescue-jobs', records: 'rescue-records' };

  it('are made, and none when one of them stands', async () => {
    const empty = dynamoWith();
    expect(await makeTables({ dynamo: empty.client }, 'rescue')).toEqual(names);
    expect(made(empty)).toEqual(['rescue-jobs', 'rescue-records']);
    const half = dynamoWith('rescue-records');
    await expect(makeTables({ dynamo: half.client }, 'rescue')).rejects.toThrow(
      'rescue-records stands already',
    );
    expect(made(half)).toEqual([]);
  });

  it('begun again, only those are made that nobody came to', async () => {
    const half = dynamoWith('rescue-jobs');
    expect(await makeTables({ dynamo: half.client }, 'rescue', true)).toEqual(names);
    expect(made(half)).toEqual(['rescue-records']);
    const none = dynamoWith();
    await expect(makeTables({ dynamo: none.client }, 'rescue', true)).rejects.toThrow(
      'nothing was begun there',
    );
    expect(made(none)).toEqual([]);
  });

  it.each([
    ['DISABLED', 2],
    ['ENABLED', 0],
    ['ENABLING', 0],
  ])('that are put into service expire, and are not told so twice: %s', async (TimeToLiveStatus, times) => {
    const { client, calls } = scriptedClient<DynamoDBClient>((name) => {
      // As DynamoDB answers.
      if (name === 'UpdateTimeToLive' && TimeToLiveStatus !== 'DISABLED') throw new Error('already enabled');
      return { TimeToLiveDescription: { TimeToLiveStatus } };
    });
    await putIntoService(client, names);
    expect(calls.filter(({ name }) => name === 'UpdateTimeToLive')).toHaveLength(times);
    expect(calls.filter(({ name }) => name === 'UpdateContinuousBackups')).toHaveLength(2);
  });
});

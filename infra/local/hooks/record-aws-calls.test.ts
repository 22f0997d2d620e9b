import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test, vi } from 'vitest';
import { dynamoClient } from '#shared/adapters/clients.ts';
import { HOOKS_DIRECTORY_VARIABLE } from './hook-files.ts';
import { recordedAwsCalls, startRecordingAwsCalls } from './laptop-hooks.ts';
import { createAwsCallCounter } from './record-aws-calls.ts';

const folder = mkdtempSync(join(tmpdir(), 'hooks-'));
vi.stubEnv(HOOKS_DIRECTORY_VARIABLE, folder);
vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'some-function');
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

// Nobody listens there: what is written down is what was asked for, whatever became of it.
const environment = {
  AWS_REGION: 'eu-central-1',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};
const calls = createAwsCallCounter();
const dynamo = dynamoClient({ environment, calls });
const Item = { pk: { S: 'secret-of-a-patient' } };
const put = () =>
  dynamo.send(new PutItemCommand({ TableName: 'jobs', Item })).catch((error: unknown) => error);

test('nothing is written down until somebody asks for it; from then on each call is, without its content', async () => {
  await put();
  startRecordingAwsCalls(folder);
  expect(recordedAwsCalls(folder)).toEqual([]);
  const before = calls.count();
  await put();
  await dynamo
    .send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: 'audit', Item } },
          { ConditionCheck: { TableName: 'jobs', Key: Item, ConditionExpression: 'x = y' } },
        ],
      }),
    )
    .catch((error: unknown) => error);
  const call = { by: 'some-function', client: 'DynamoDBClient' };
  expect(recordedAwsCalls(folder)).toEqual([
    { ...call, command: 'PutItemCommand', about: { TableName: 'jobs' } },
    {
      ...call,
      command: 'TransactWriteItemsCommand',
      about: {
        TransactItems: [{ Put: { TableName: 'audit' } }, { ConditionCheck: { TableName: 'jobs' } }],
      },
    },
  ]);
  // Each is still counted as often as it was tried.
  expect(calls.count() - before).toBeGreaterThan(2);
});

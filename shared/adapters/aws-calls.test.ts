import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAwsCallCounter } from './aws-calls.ts';
import { dynamoClient, kmsClient } from './clients.ts';

/** A service that is unavailable as often as `failures` says, then answers. */
let failures = 0;
const server = createServer((request, response) => {
  request.resume();
  response.statusCode = failures > 0 ? 503 : 200;
  failures -= 1;
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.end('{}');
});
let endpoint = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

function client() {
  const calls = createAwsCallCounter();
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const settings = { environment, calls };
  return { calls, dynamo: dynamoClient(settings), kms: kmsClient(settings) };
}

const get = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'p' } } });

test('each request counts, the repetitions of the SDK too', async () => {
  const { calls, dynamo } = client();
  await dynamo.send(get);
  expect(calls.count()).toBe(1);
  failures = 2;
  await dynamo.send(get);
  expect(calls.count()).toBe(4);
});

test('the SDK gives up after three tries', async () => {
  const { calls, dynamo } = client();
  failures = 99;
  await expect(dynamo.send(get)).rejects.toThrow();
  failures = 0;
  expect(calls.count()).toBe(3);
});

test('calls to KMS are counted by themselves, too', async () => {
  const { calls, dynamo, kms } = client();
  await dynamo.send(get);
  await kms.send(new DescribeKeyCommand({ KeyId: 'key' }));
  expect([calls.count(), calls.kmsCount()]).toEqual([2, 1]);
});

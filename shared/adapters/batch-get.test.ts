import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { scriptedClient } from '#test/contracts/scripted-aws.ts';
import { batchGet, type Item } from './batch-get.ts';

type Request = Record<string, { Keys: Item[]; ConsistentRead: boolean }>;

/** Answers `most` keys per call and leaves the rest unprocessed. Every key stands but those with sort key `gone`. */
const table = (most: number) =>
  scriptedClient<DynamoDBClient>((_, input) => {
    const request = input['RequestItems'] as unknown as Request;
    let left = most;
    const Responses: Record<string, Item[]> = {};
    const UnprocessedKeys: Request = {};
    for (const [name, { Keys, ConsistentRead }] of Object.entries(request)) {
      const now = Keys.slice(0, left);
      left -= now.length;
      Responses[name] = now.filter((key) => key['sk']?.S !== 'gone');
      if (now.length < Keys.length) UnprocessedKeys[name] = { Keys: Keys.slice(now.length), ConsistentRead };
    }
    return { Responses, UnprocessedKeys };
  });

const address = (name: string, sk: string) => ({ table: name, pk: 'p', sk });
const sorts = (items: readonly (Item | undefined)[]) => items.map((item) => item?.['sk']?.S);

test('items of several tables come in one consistent call, in the order asked for', async () => {
  const { client, calls } = table(100);
  const items = await batchGet(client, [
    address('a', '1'),
    address('b', '2'),
    address('a', 'gone'),
    address('a', '1'),
  ]);
  expect(sorts(items)).toEqual(['1', '2', undefined, '1']);
  expect(calls).toHaveLength(1);
  const request = calls[0]?.input['RequestItems'] as unknown as Request;
  expect(Object.values(request).every((part) => part.ConsistentRead)).toBe(true);
});

test('more than 100 keys take several calls', async () => {
  const { client, calls } = table(100);
  const addresses = Array.from({ length: 250 }, (_, index) => address('a', String(index)));
  expect(sorts(await batchGet(client, addresses))).toEqual(addresses.map(({ sk }) => sk));
  expect(calls).toHaveLength(3);
});

test('keys that were left unprocessed are asked for again', async () => {
  const { client, calls } = table(2);
  expect(sorts(await batchGet(client, [address('a', '1'), address('a', '2'), address('b', '3')]))).toEqual([
    '1',
    '2',
    '3',
  ]);
  expect(calls).toHaveLength(2);
});

test('keys that stay unprocessed are a reason to try again later', async () => {
  const { client } = table(0);
  await expect(batchGet(client, [address('a', '1')])).rejects.toMatchObject({
    reason: 'dependency_throttled',
  });
});

test('no keys take no call', async () => {
  const { client, calls } = table(1);
  expect(await batchGet(client, [])).toEqual([]);
  expect(calls).toHaveLength(0);
});

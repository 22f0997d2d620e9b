import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { scriptedClient, sdkError } from '#test/contracts/scripted-aws.ts';
import { transact } from './transaction.ts';

const item = (sk: string): TransactWriteItem => ({
  Put: { TableName: 'jobs', Item: { pk: { S: 'a' }, sk: { S: sk }, body: { B: new Uint8Array([1, 2]) } } },
});

const cancelled = (...codes: readonly string[]) =>
  sdkError('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });

/** A client that throws these, one after the other, and then takes the transaction. */
function client(...errors: readonly Error[]) {
  return scriptedClient<DynamoDBClient>((_, __, count) => {
    const error = errors[count - 1];
    if (error) throw error;
    return {};
  });
}

const tokens = (calls: ReturnType<typeof client>['calls']) =>
  calls.map((call) => String(call.input['ClientRequestToken']));

test('a transaction that is taken is done in one call, with a token of at most 36 characters', async () => {
  const scripted = client();
  expect(await transact(scripted.client, [item('1')], 'seed')).toEqual({ done: true });
  expect(tokens(scripted.calls)).toEqual([expect.stringMatching(/^[0-9a-f]{36}$/)]);
});

test('the token follows from seed and content', async () => {
  const token = async (seed: string, items: readonly TransactWriteItem[]) => {
    const scripted = client();
    await transact(scripted.client, items, seed);
    return tokens(scripted.calls)[0];
  };
  const one = await token('seed', [item('1')]);
  expect(await token('seed', [item('1')])).toBe(one);
  expect(await token('other', [item('1')])).not.toBe(one);
  expect(await token('seed', [item('2')])).not.toBe(one);
});

test('a conflict with another transaction is tried again, as another request', async () => {
  const scripted = client(cancelled('None', 'TransactionConflict'), cancelled('TransactionConflict', 'None'));
  expect(await transact(scripted.client, [item('1'), item('2')], 'seed')).toEqual({ done: true });
  expect(new Set(tokens(scripted.calls)).size).toBe(3);
});

test('a conflict that does not end is answered after a bounded number of tries', async () => {
  const scripted = client(...Array.from({ length: 20 }, () => cancelled('TransactionConflict')));
  expect(await transact(scripted.client, [item('1')], 'seed')).toEqual({
    done: false,
    reasons: [{ Code: 'TransactionConflict' }],
  });
  expect(scripted.calls).toHaveLength(8);
});

test('a failed condition is answered at once, one reason per item', async () => {
  const scripted = client(cancelled('None', 'ConditionalCheckFailed', 'TransactionConflict'));
  const answer = await transact(scripted.client, [item('1'), item('2'), item('3')], 'seed');
  expect(answer).toEqual({
    done: false,
    reasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'TransactionConflict' }],
  });
  expect(scripted.calls).toHaveLength(1);
});

test.each(['ThrottlingError', 'ProvisionedThroughputExceeded'])(
  '%s of an item is a reason to retry',
  async (code) => {
    const run = transact(client(cancelled('None', code)).client, [item('1'), item('2')], 'seed');
    await expect(run).rejects.toMatchObject({ name: 'RetryableError', reason: 'dependency_throttled' });
  },
);

test.each(['ValidationError', 'ItemCollectionSizeLimitExceeded'])(
  '%s of an item is a mistake of ours',
  async (code) => {
    const run = transact(client(cancelled(code)).client, [item('1')], 'seed');
    await expect(run).rejects.toThrow(code);
  },
);

test('a throttled request is a reason to retry', async () => {
  const run = transact(client(sdkError('ThrottlingException')).client, [item('1')], 'seed');
  await expect(run).rejects.toMatchObject({ reason: 'dependency_throttled' });
});

test('more than 100 items are refused before anything is sent', async () => {
  const scripted = client();
  const items = Array.from({ length: 101 }, (_, index) => item(String(index)));
  await expect(transact(scripted.client, items, 'seed')).rejects.toThrow(
    'at most 100 items, this one has 101',
  );
  expect(scripted.calls).toHaveLength(0);
});

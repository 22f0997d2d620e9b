import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { scriptedClient, sdkError } from '#test/contracts/scripted-aws.ts';
import { updateItem } from './update-item.ts';

const input = { TableName: 'jobs', Key: { pk: { S: 'a' }, sk: { S: 'ROW' } } };

/** A client that throws these, one after the other, and then updates. */
const client = (...errors: readonly Error[]) =>
  scriptedClient<DynamoDBClient>((_, __, count) => {
    const error = errors[count - 1];
    if (error) throw error;
    return { Attributes: { pk: { S: 'new' } } };
  });

test('an update gives the item as it is now', async () => {
  expect(await updateItem(client().client, input)).toEqual({ updated: true, item: { pk: { S: 'new' } } });
});

test('a failed condition gives the item as it stands', async () => {
  const refused = client(sdkError('ConditionalCheckFailedException', { Item: { pk: { S: 'old' } } }));
  expect(await updateItem(refused.client, input)).toEqual({ updated: false, item: { pk: { S: 'old' } } });
  expect(refused.calls).toHaveLength(1);
});

test('a transaction in the way is waited for', async () => {
  const busy = client(sdkError('TransactionConflictException'), sdkError('TransactionConflictException'));
  expect(await updateItem(busy.client, input)).toMatchObject({ updated: true });
  expect(busy.calls).toHaveLength(3);
});

test('a transaction that stays in the way is a reason to try again later', async () => {
  const busy = client(...Array.from({ length: 20 }, () => sdkError('TransactionConflictException')));
  await expect(updateItem(busy.client, input)).rejects.toMatchObject({ reason: 'conflict' });
  expect(busy.calls).toHaveLength(5);
});

test('what is no condition is translated', async () => {
  const denied = updateItem(client(sdkError('AccessDeniedException')).client, input);
  await expect(denied).rejects.toMatchObject({ name: 'AwsCallError' });
});

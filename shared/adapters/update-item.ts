import {
  type ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { RetryableError } from '../errors/attempt-error.ts';
import { backOff } from './back-off.ts';
import type { Item } from './batch-get.ts';
import { isNamed, translateSdkError } from './sdk-errors.ts';

/** The item as it is now, or as it stood when it failed the condition (nothing, when none stood). */
export type UpdateAnswer =
  | { readonly updated: true; readonly item: Item }
  | { readonly updated: false; readonly item: Item | undefined };

const CONFLICT_TRIES = 5;
const CONFLICT_BASE_MS = 15;

/**
 * One conditional update. DynamoDB refuses it while a transaction is at the same item; it is then tried again a few
 * times, with jitter.
 * @throws RetryableError
 */
export async function updateItem(
  client: DynamoDBClient,
  input: UpdateItemCommandInput,
): Promise<UpdateAnswer> {
  for (let tries = 1; tries <= CONFLICT_TRIES; tries += 1) {
    try {
      const answer = await client.send(new UpdateItemCommand(input));
      return { updated: true, item: answer.Attributes ?? {} };
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException'))
        // Matched by name just above.
        return { updated: false, item: (error as ConditionalCheckFailedException).Item };
      if (!isNamed(error, 'TransactionConflictException'))
        throw translateSdkError(error, 'DynamoDB UpdateItem');
      await backOff(tries, CONFLICT_BASE_MS);
    }
  }
  throw new RetryableError('conflict', 'A transaction kept an item from being updated.');
}

import { createHash } from 'node:crypto';
import {
  type CancellationReason,
  type DynamoDBClient,
  type TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { RetryableError } from '../errors/attempt-error.ts';
import { backOff } from './back-off.ts';
import { isNamed, translateSdkError } from './sdk-errors.ts';

/** DynamoDB's own limit of one transaction. */
export const MOST_ITEMS = 100;
/** Twenty that end at the same instant and meet on one item, such as a counter, all get through; of a hundred most do. */
const CONFLICT_TRIES = 8;
const CONFLICT_BASE_MS = 15;

/**
 * `done`, or why not: one reason per item, in the order of the items. `Code` is `None` where the item was no obstacle,
 * `ConditionalCheckFailed` (with `Item` as it stands, where the item asked for it), or `TransactionConflict` when
 * other writers were still at it after several tries.
 */
export type TransactionAnswer =
  | { readonly done: true }
  | { readonly done: false; readonly reasons: readonly CancellationReason[] };

/**
 * Writes all items or none. A conflict with a concurrent transaction is tried again a few times, with jitter.
 * @param seed what this transaction is about; with the items and the try it makes the token by which DynamoDB
 *   recognises a repetition that the SDK sends after a lost answer
 * @throws Error when there are more items than one transaction holds
 * @throws RetryableError when DynamoDB throttles or does not answer
 */
export async function transact(
  client: DynamoDBClient,
  items: readonly TransactWriteItem[],
  seed: string,
): Promise<TransactionAnswer> {
  if (items.length > MOST_ITEMS)
    throw new Error(`A transaction holds at most ${MOST_ITEMS} items, this one has ${items.length}.`);
  for (let tries = 1; ; tries += 1) {
    try {
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: [...items],
          ClientRequestToken: tokenOf(seed, tries, items),
        }),
      );
      return { done: true };
    } catch (error) {
      const reasons = reasonsOf(error);
      if (!reasons) throw translateSdkError(error, 'DynamoDB TransactWriteItems');
      refuseOthers(reasons);
      const decided = reasons.some((reason) => reason.Code === 'ConditionalCheckFailed');
      if (decided || tries === CONFLICT_TRIES) return { done: false, reasons };
      await backOff(tries, CONFLICT_BASE_MS);
    }
  }
}

/** Throws what a transaction that cannot end for a lack of capacity, or that was built wrongly, means. */
function refuseOthers(reasons: readonly CancellationReason[]): void {
  for (const { Code = 'None' } of reasons) {
    if (Code === 'ThrottlingError' || Code === 'ProvisionedThroughputExceeded')
      throw new RetryableError('dependency_throttled', 'DynamoDB throttled a transaction.');
    if (Code !== 'None' && Code !== 'ConditionalCheckFailed' && Code !== 'TransactionConflict')
      throw new Error(`DynamoDB refused an item of a transaction: ${Code}`);
  }
}

function reasonsOf(error: unknown): readonly CancellationReason[] | undefined {
  // The same transaction is still being worked on, after an answer that got lost.
  if (isNamed(error, 'TransactionInProgressException')) return [{ Code: 'TransactionConflict' }];
  if (!isNamed(error, 'TransactionCanceledException')) return undefined;
  // Matched by name: classes differ between copies of the SDK.
  return (error as TransactionCanceledException).CancellationReasons ?? [];
}

/** At most 36 characters. The content is part of it, because DynamoDB refuses a known token with other content. */
function tokenOf(seed: string, tries: number, items: readonly TransactWriteItem[]): string {
  const bytesAsText = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
  return createHash('sha256')
    .update(`${seed}|${tries}|${JSON.stringify(items, bytesAsText)}`)
    .digest('hex')
    .slice(0, 36);
}

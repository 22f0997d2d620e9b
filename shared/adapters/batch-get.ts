import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '../contract/tables.ts';
import { RetryableError } from '../errors/attempt-error.ts';
import { backOff } from './back-off.ts';
import { callAws } from './sdk-errors.ts';

export type Item = Record<string, AttributeValue>;

/** An item's address. `table` is the deployed name. */
export interface ItemAddress {
  readonly table: string;
  readonly pk: string;
  readonly sk: string;
}

/** DynamoDB's own limit of one batch. */
const MOST_KEYS = 100;
const TRIES = 6;
const BASE_MS = 20;

export const keyOf = (address: Omit<ItemAddress, 'table'>): Item => ({
  [PARTITION_KEY]: { S: address.pk },
  [SORT_KEY]: { S: address.sk },
});

const nameOf = ({ table, pk, sk }: ItemAddress): string => JSON.stringify([table, pk, sk]);

/**
 * Reads items of any tables, strongly consistent, in as few calls as possible: one up to 100 different keys.
 * The answer keeps the order of the addresses; `undefined` where nothing stands.
 */
export async function batchGet(
  client: DynamoDBClient,
  addresses: readonly ItemAddress[],
): Promise<(Item | undefined)[]> {
  const found = new Map<string, Item>();
  const different = [...new Map(addresses.map((address) => [nameOf(address), address])).values()];
  for (let start = 0; start < different.length; start += MOST_KEYS)
    await readChunk(client, different.slice(start, start + MOST_KEYS), found);
  return addresses.map((address) => found.get(nameOf(address)));
}

async function readChunk(
  client: DynamoDBClient,
  chunk: readonly ItemAddress[],
  found: Map<string, Item>,
): Promise<void> {
  let wanted = requestOf(chunk);
  for (let tries = 1; Object.keys(wanted).length > 0; tries += 1) {
    if (tries > TRIES)
      throw new RetryableError('dependency_throttled', 'DynamoDB left keys of a batch unread.');
    if (tries > 1) await backOff(tries, BASE_MS);
    const request = new BatchGetItemCommand({ RequestItems: wanted });
    const answer = await callAws('DynamoDB BatchGetItem', () => client.send(request));
    for (const [table, items] of Object.entries(answer.Responses ?? {}))
      for (const item of items)
        found.set(nameOf({ table, pk: item[PARTITION_KEY]?.S ?? '', sk: item[SORT_KEY]?.S ?? '' }), item);
    wanted = answer.UnprocessedKeys ?? {};
  }
}

function requestOf(chunk: readonly ItemAddress[]): Record<string, KeysAndAttributes> {
  const request: Record<string, { Keys: Item[]; ConsistentRead: boolean }> = {};
  for (const address of chunk) {
    request[address.table] ??= { Keys: [], ConsistentRead: true };
    request[address.table]?.Keys.push(keyOf(address));
  }
  return request;
}

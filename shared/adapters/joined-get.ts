import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { batchGet, type Item, type ItemAddress } from './batch-get.ts';
import type { Join } from './field-cipher.ts';

/**
 * Reads items together with the keys that opening them needs: one call, each key once.
 * @returns the items, in the order of their addresses
 */
export async function joinedGet(
  client: DynamoDBClient,
  addresses: readonly ItemAddress[],
  joins: readonly Join[],
): Promise<(Item | undefined)[]> {
  const different = [...new Map(joins.map((join) => [nameOf(join), join])).values()];
  const items = await batchGet(client, [...addresses, ...different.map((join) => join.address)]);
  for (const [index, join] of different.entries()) join.take(items[addresses.length + index]);
  return items.slice(0, addresses.length);
}

const nameOf = ({ address }: Join): string => JSON.stringify([address.table, address.pk, address.sk]);

import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DRILL_ITEM_HOURS, DRILL_TTL_ATTRIBUTE, PARTITION_KEY, SORT_KEY } from '../contract/tables.ts';
import type { DrillTables, ItemKey, JsonItem } from '../jobs/ports.ts';
import { addSeconds, type Clock, msOf } from '../lifecycle/instant.ts';
import { batchGet, type Item, keyOf } from './batch-get.ts';
import { dynamoJson } from './dynamo-json.ts';
import { createRestoreTarget } from './restore-target.ts';
import { callAws } from './sdk-errors.ts';

export interface DrillTablesOptions {
  readonly client: DynamoDBClient;
  /** Deployed names by logical ones. */
  readonly tables: Readonly<Record<string, string>>;
  readonly clock: Clock;
}

/** A page is one answer of at most 1 MB, and this bounds it where no such limit holds. */
const PAGE_ITEMS = 1_000;

/** Items carry when they end beside what was restored, and show it to nobody. */
export function createDrillTables({ client, tables, clock }: DrillTablesOptions): DrillTables {
  const target = createRestoreTarget(client, tables);
  const nameOf = (table: string): string => {
    const name = tables[table];
    if (name === undefined) throw new Error(`There is no table to drill ${table} in.`);
    return name;
  };
  return {
    names: Object.keys(tables),
    write: (table, states) => {
      const ends = { N: String(Math.ceil(msOf(addSeconds(clock(), DRILL_ITEM_HOURS * 3_600)) / 1_000)) };
      return target.write(
        table,
        states.map(({ keys, image }) => ({
          keys,
          ...(image && { image: { ...image, [DRILL_TTL_ATTRIBUTE]: ends } }),
        })),
      );
    },
    read: async (table, keys) => {
      const addresses = keys.map((key) => ({ table: nameOf(table), ...itemKeyOf(key) }));
      const items = await batchGet(client, addresses);
      return items.flatMap((item) => (item ? [restored(item)] : []));
    },
    page: async (table, after) => {
      const command = new ScanCommand({
        TableName: nameOf(table),
        ConsistentRead: true,
        Limit: PAGE_ITEMS,
        ...(after && { ExclusiveStartKey: keyOf(after) }),
      });
      const { Items = [], LastEvaluatedKey } = await callAws('DynamoDB Scan', () => client.send(command));
      return {
        items: Items.map(restored),
        ...(LastEvaluatedKey && { next: itemKeyOf(LastEvaluatedKey) }),
      };
    },
  };
}

const itemKeyOf = (key: JsonItem): ItemKey => ({
  pk: String(Object(key[PARTITION_KEY]).S),
  sk: String(Object(key[SORT_KEY]).S),
});

function restored(item: Item): JsonItem {
  const { [DRILL_TTL_ATTRIBUTE]: _, ...rest } = item;
  return JSON.parse(dynamoJson(rest));
}

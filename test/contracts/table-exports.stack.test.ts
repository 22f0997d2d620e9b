import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { createTableExports } from '#shared/adapters/table-exports.ts';
import { instantOf } from '#shared/lifecycle/instant.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { tableExportsContract } from './table-exports-contract.ts';

// The emulator answers as DynamoDB does, and writes no file: what is read of an export is shown on the fake.

const ITEMS = ['one', 'two', 'three'];
/** After which the emulator calls an export ended. */
const EXPORT_MS = 1_500;

let emulated: EmulatedTables;
let setting: string;

beforeAll(async () => {
  emulated = await createEmulatedTables();
  const { dynamo, tables, kmsKeyId } = emulated;
  for (const pk of ITEMS)
    await dynamo.send(
      new PutItemCommand({ TableName: tables.records, Item: { pk: { S: pk }, sk: { S: 'ROW' } } }),
    );
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: tables.records }));
  setting = JSON.stringify({ tables: { records: Table?.TableArn }, key: kmsKeyId });
});
afterAll(() => emulated.delete());

tableExportsContract('DynamoDB', async () => {
  const exports = createTableExports(emulated.dynamo, 'contract-exports', setting);
  if (!exports) throw new Error('They were chosen.');
  return { exports, now: () => instantOf(Date.now()), end: () => sleep(EXPORT_MS), items: ITEMS.length };
});

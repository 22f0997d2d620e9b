import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmulatedTables, type EmulatedTables } from '#test/contracts/emulated-tables.ts';
import { running } from '#test/contracts/job-commit-contract.ts';
import { NOW, sampleChange, unique } from '#test/contracts/sample-jobs.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { JobStore } from '../operations/ports.ts';
import { createAwsCallCounter } from './aws-calls.ts';
import { type Item, keyOf } from './batch-get.ts';
import { createFieldCipher, type FieldCipher } from './field-cipher.ts';
import { type ItemKey, jobRowKey, resultKey } from './item-keys.ts';
import { createJobStore } from './job-store.ts';
import { createKeyRing } from './key-ring.ts';
import { createOwnerSecrets } from './owner-secrets.ts';

// How a summary stands in the table, and what a list of them costs.

let emulated: EmulatedTables;
let store: JobStore;
const clock = () => NOW;
const calls = createAwsCallCounter();

beforeAll(async () => {
  emulated = await createEmulatedTables(clock);
  calls.attach(emulated.dynamo);
  calls.attach(emulated.kms);
  store = storeWith(emulated.cipher);
});
afterAll(() => emulated.delete());

function storeWith(cipher: FieldCipher): JobStore {
  const { dynamo: client, tables, pseudonymize } = emulated;
  return createJobStore({ client, tables, cipher, pseudonymize, clock, shards: { watch: 3, outcome: 2 } });
}

/** A store as an environment has it that has just begun: it holds no key. */
function newlyBegun(): JobStore {
  const { dynamo, kms, kmsKeyId, tables } = emulated;
  const keys = createKeyRing({ dynamo, kms, kmsKeyId, table: tables.jobs, clock });
  const secrets = createOwnerSecrets({ dynamo, table: tables.secrets, clock });
  return storeWith(createFieldCipher({ keys, secrets, clock }));
}

async function raw(key: ItemKey): Promise<Item> {
  const command = new GetItemCommand({
    TableName: emulated.tables.jobs,
    Key: keyOf(key),
    ConsistentRead: true,
  });
  const { Item } = await emulated.dynamo.send(command);
  if (!Item) throw new Error('A sample item is not there.');
  return Item;
}

const put = (Item: Item) =>
  emulated.dynamo.send(new PutItemCommand({ TableName: emulated.tables.jobs, Item }));

/** The row of a job that has ended, as it is read afterwards. */
async function ended(userRef: string, summary: string): Promise<JobRow> {
  const before = await running(store, { userRef });
  await store.commit(sampleChange('succeed', before, { result: { days: 0 }, summary }));
  const row = await store.read(before.jobId);
  if (!row) throw new Error('A sample job is gone.');
  return row;
}

async function taken(work: () => Promise<unknown>): Promise<number> {
  const before = calls.count();
  await work();
  return calls.count() - before;
}

test('a summary stands on its row as bytes of one length, and nowhere in the clear', async () => {
  const userRef = unique('user');
  const lines = ['published', 'published, late, possible duplicate'];
  const items = await Promise.all(
    lines.map(async (line) => raw(jobRowKey((await ended(userRef, line)).jobId))),
  );

  const lengths = items.map((item) => item['summary']?.B?.length);
  expect(lengths[0]).toBeGreaterThan(100);
  expect(lengths[1]).toBe(lengths[0]);
  const asText = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  expect(JSON.stringify(items, asText)).not.toContain('published');
});

test('a summary that was put on another job’s row, or in a result’s place, does not open', async () => {
  const userRef = unique('user');
  const [own, other] = [await ended(userRef, 'out, 0 days'), await ended(userRef, 'ok, 90 days')];
  const { summary } = await raw(jobRowKey(own.jobId));
  if (!summary) throw new Error('The sample job has no summary.');
  await put({ ...(await raw(jobRowKey(other.jobId))), summary });
  await put({ ...(await raw(resultKey(own.jobId))), body: summary });

  const moved = (await store.readMany([other.jobId])).flatMap((row) => row ?? []);
  expect(moved).toHaveLength(1);
  expect(await store.summaries([own])).toEqual(new Map([[own.jobId, 'out, 0 days']]));
  await expect(store.summaries(moved)).rejects.toMatchObject({ code: 'not_authentic' });
  await expect(store.result(own)).rejects.toMatchObject({ code: 'not_authentic' });
});

test('those of a list take one read and one unwrapping; after a result was read, none', async () => {
  const users = [unique('user'), unique('user'), unique('user')];
  const rows = await Promise.all(users.map((userRef) => ended(userRef, `of ${userRef}`)));

  const reader = newlyBegun();
  expect(await taken(() => reader.summaries(rows))).toBe(2);
  expect([...(await reader.summaries(rows)).values()]).toEqual(users.map((userRef) => `of ${userRef}`));

  const [row] = rows;
  if (!row) throw new Error('There is no sample job.');
  const other = newlyBegun();
  await other.result(row);
  expect(await taken(() => other.summaries([row]))).toBe(0);
});

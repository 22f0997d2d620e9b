import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outcomeItem } from '#shared/adapters/outcome-items.ts';
import { createOutcomeReader } from '#shared/adapters/outcome-reader.ts';
import type { OutcomeRow } from '#shared/jobs/ports.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { outcomeReaderContract } from './outcome-reader-contract.ts';
import { NOW, sampleJobId } from './sample-jobs.ts';

const SHARDS = 4;
let emulated: EmulatedTables;
beforeAll(async () => {
  emulated = await createEmulatedTables(() => NOW);
});
afterAll(() => emulated.delete());

/** @param client the emulated one, or one that watches what is asked of it */
const reader = (client = emulated.dynamo, now = NOW) =>
  createOutcomeReader({
    client,
    table: emulated.tables.jobs,
    outcomeShards: SHARDS,
    cipher: emulated.cipher,
    clock: () => now,
  });

async function put(rows: readonly OutcomeRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 50) {
    const options = { table: emulated.tables.jobs, shards: SHARDS, cipher: emulated.cipher };
    const items = await Promise.all(rows.slice(start, start + 50).map((row) => outcomeItem(options, row)));
    await emulated.dynamo.send(new TransactWriteItemsCommand({ TransactItems: items }));
  }
}

outcomeReaderContract('DynamoDB', async () => ({ outcomes: reader(), put }));

const ended = (endedAt: string): OutcomeRow => ({
  jobId: sampleJobId(endedAt),
  generation: 1,
  kind: 'backup',
  priority: 'LOW',
  status: 'succeeded',
  createdAt: endedAt,
  dueAt: endedAt,
  endedAt,
  attempts: 1,
});

test('whoever stops early has not made the reader ask for the rest', async () => {
  const start = '2030-08-01T00:00:00.000Z';
  await put(Array.from({ length: 24 }, (_, hour) => ended(addSeconds(start, hour * 3600))));
  let queries = 0;
  const watched: Pick<typeof emulated.dynamo, 'send'> = {
    // The adapter asks by single commands only.
    send: ((command: never) => {
      queries += 1;
      return emulated.dynamo.send(command);
    }) as typeof emulated.dynamo.send,
  };
  // The adapters use nothing of a client but `send`.
  const outcomes = reader(watched as typeof emulated.dynamo);
  for await (const row of outcomes.between(start, '2030-08-02T00:00:00.000Z')) {
    expect(row.endedAt).toBe(start);
    break;
  }
  expect(queries).toBeLessThanOrEqual(SHARDS);
});

test('rows whose time is over are not read, however late DynamoDB deletes them', async () => {
  const at = '2030-10-01T12:00:00.000Z';
  const row = ended(at);
  await put([row]);
  const found = async (now: string) => {
    const rows: OutcomeRow[] = [];
    for await (const one of reader(emulated.dynamo, now).between(at, addSeconds(at, 1))) rows.push(one);
    return rows;
  };
  expect(await found(addSeconds(at, 395 * 86_400))).toEqual([row]);
  expect(await found(addSeconds(at, 396 * 86_400))).toEqual([]);
});

import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyOf } from '#shared/adapters/batch-get.ts';
import { createEventReader } from '#shared/adapters/event-reader.ts';
import { eventPartition, eventSort } from '#shared/adapters/item-keys.ts';
import { createJobStore } from '#shared/adapters/job-store.ts';
import { createPastDoses } from '#shared/adapters/past-doses.ts';
import { createRandomSource } from '#shared/adapters/random-source.ts';
import { createRecordStore } from '#shared/adapters/record-store.ts';
import { createRefusalCounter } from '#shared/adapters/refusal-counter.ts';
import { shardOf } from '#shared/adapters/stable-hash.ts';
import type { BreakGlassRow } from '#shared/jobs/ports.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { eventReaderContract } from './event-reader-contract.ts';
import { pastDosesContract } from './past-doses-contract.ts';
import { collect, medicationWrite } from './record-samples.ts';
import { refusalCounterContract } from './refusal-counter-contract.ts';
import { NOW, sampleJob, sampleJobId, unique } from './sample-jobs.ts';

const SHARDS = 3;
let emulated: EmulatedTables;
let now = NOW;
const clock = () => now;
beforeAll(async () => {
  emulated = await createEmulatedTables(() => NOW);
});
afterAll(() => emulated.delete());

const make = async () => {
  const { dynamo: client, tables, pseudonymize, cipher } = emulated;
  const shards = { watch: 3, outcome: SHARDS, due: 4 };
  return {
    events: createEventReader({ client, table: tables.jobs, outcomeShards: SHARDS, cipher, clock }),
    store: createJobStore({ client, tables, cipher, pseudonymize, clock, shards }),
    schedules: createRecordStore({ client, tables, cipher, pseudonymize, clock, shards }),
    setTime: (to: string) => {
      now = to;
    },
    putBreakGlass: async ({ id, at }: BreakGlassRow) => {
      const key = {
        pk: eventPartition(at.slice(0, 13), shardOf(id, SHARDS)),
        sk: eventSort('break_glass', at, id),
      };
      const Item = { ...marshall({ id, at, v: 1 }), ...keyOf(key) };
      await client.send(new PutItemCommand({ TableName: tables.jobs, Item }));
    },
    counter: () => createRefusalCounter({ client, table: tables.jobs, random: createRandomSource() }),
  };
};

eventReaderContract('DynamoDB', make);
refusalCounterContract('DynamoDB', make);

test('rows whose time is over are not read, however late DynamoDB deletes them', async () => {
  const { events, store, setTime } = await make();
  const at = '2030-10-01T12:00:00.000Z';
  await store.accept(sampleJob({ jobId: sampleJobId(at), createdAt: at }));
  const read = () => collect(events.accepted(at, addSeconds(at, 1)));
  setTime(addSeconds(at, 395 * 86_400));
  expect(await read()).toHaveLength(1);
  setTime(addSeconds(at, 396 * 86_400));
  expect(await read()).toEqual([]);
});

test('a dispensing shows neither whose it is nor what, and does not open elsewhere', async () => {
  const { events, schedules } = await make();
  const [owner, id] = [unique('owner'), unique('medication')];
  const newFill = { date: '2030-11-01', daysSupply: 30 };
  await schedules.commit([{ ...medicationWrite(owner, id), newFill }], []);
  const { dynamo, tables } = emulated;
  const { Items = [] } = await dynamo.send(
    new ScanCommand({
      TableName: tables.jobs,
      FilterExpression: 'begins_with(pk, :fill)',
      ExpressionAttributeValues: { ':fill': { S: `FILL#${newFill.date}` } },
    }),
  );
  expect(Items).toHaveLength(1);
  const [item = {}] = Items;
  const { body, ...clear } = item;
  expect(JSON.stringify(clear)).not.toMatch(new RegExp(`${owner}|${id}|30[^-]*days`));
  const elsewhere = { ...item, pk: { S: item['pk']?.S?.replace('11-01', '11-02') ?? '' } };
  await dynamo.send(new PutItemCommand({ TableName: tables.jobs, Item: elsewhere }));
  await expect(collect(events.fills('2030-11-02', '2030-11-03'))).rejects.toThrow('did not open');
  expect(await collect(events.fills('2030-11-01', '2030-11-02'))).toMatchObject([{ userRef: owner }]);
});

pastDosesContract('DynamoDB', async () => {
  const { dynamo: client, tables, cipher, pseudonymize } = emulated;
  const shards = { watch: 1, outcome: 1, due: 1 };
  return {
    schedules: createRecordStore({ client, tables, cipher, pseudonymize, clock, shards }),
    pastDoses: createPastDoses({ client, table: tables.jobs, outcomeShards: 1 }),
  };
});

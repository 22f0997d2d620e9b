import { DeleteItemCommand, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEmulatedTables,
  type EmulatedTables,
  emulatedEnvironment,
} from '#test/contracts/emulated-tables.ts';
import { running, userWrite } from '#test/contracts/job-commit-contract.ts';
import { NOW, sampleChange, sampleJob, TIMING, unique } from '#test/contracts/sample-jobs.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { JobStore } from '../operations/ports.ts';
import { createAwsCallCounter } from './aws-calls.ts';
import { keyOf } from './batch-get.ts';
import { claimJob } from './claim-job.ts';
import { s3Client } from './clients.ts';
import { jobRowKey, payloadKey, resultKey } from './item-keys.ts';
import { createJobStore } from './job-store.ts';
import { createLargeObjects } from './large-objects.ts';

// What only the real store has: the form of its items, its answers to repetitions, and its price in calls.

let emulated: EmulatedTables;
let store: JobStore;
const bucket = unique('results');
const clock = () => NOW;
const calls = createAwsCallCounter();
const s3 = () => s3Client({ environment: emulatedEnvironment() });

beforeAll(async () => {
  emulated = await createEmulatedTables(clock);
  calls.attach(emulated.dynamo);
  calls.attach(emulated.kms);
  await s3().send(new CreateBucketCommand({ Bucket: bucket }));
  const { dynamo: client, tables, pseudonymize, cipher } = emulated;
  const shards = { watch: 3, outcome: 2, due: 4 };
  store = createJobStore({
    client,
    pseudonymize,
    tables,
    cipher,
    clock,
    shards,
    largeResults: createLargeObjects(s3(), bucket),
  });
});
afterAll(() => emulated.delete());

async function raw(key: { pk: string; sk: string }) {
  const command = new GetItemCommand({
    TableName: emulated.tables.jobs,
    Key: keyOf(key),
    ConsistentRead: true,
  });
  return (await emulated.dynamo.send(command)).Item;
}

describe('a repetition after a lost answer', () => {
  test('of an acceptance is accepted', async () => {
    const job = sampleJob();
    expect(await store.accept(job)).toEqual({ accepted: true });
    expect(await store.accept(job)).toEqual({ accepted: true });
  });

  test('of a claim gives the same claim, not a refusal', async () => {
    const { row, ...job } = sampleJob();
    await store.accept({ row, ...job });
    const request = { jobId: row.jobId, generation: 1, now: NOW, timing: TIMING };
    const claim = () => claimJob(emulated.dynamo, emulated.tables.jobs, request, 'one-token');

    const first = await claim();
    expect(await claim()).toEqual(first);
    expect(first).toMatchObject({ row: { attempt: 1, fence: 1 } });
  });

  test('of a commit is committed, and nothing is written twice', async () => {
    const owner = unique('owner');
    const change = sampleChange('succeed', await running(store), { writes: [userWrite(owner, 'any')] });
    expect(await store.commit(change)).toBe('committed');
    expect(await store.commit(change)).toBe('committed');
    const record = await emulated.dynamo.send(
      new GetItemCommand({
        TableName: emulated.tables.records,
        Key: keyOf({ pk: `OWNER#${owner}`, sk: 'user#' }),
      }),
    );
    expect(record.Item?.['version']).toEqual({ N: '1' });
  });
});

test('a row of a newer version is not claimed: it stays for workers that can read it', async () => {
  const job = sampleJob();
  await store.accept(job);
  const newer = { ...(await raw(jobRowKey(job.row.jobId))), rowVersion: { N: '2' } };
  await emulated.dynamo.send(new PutItemCommand({ TableName: emulated.tables.jobs, Item: newer }));

  const claim = store.claim({ jobId: job.row.jobId, generation: 1, now: NOW, timing: TIMING });

  await expect(claim).rejects.toThrow('version 2');
  expect(await raw(jobRowKey(job.row.jobId))).toEqual(newer);
});

test('a commit leaves standing what was touched since the row was read', async () => {
  const row = await running(store);
  const touched = { checkAt: addSeconds(NOW, 5000), checks: 1, resends: 2 };
  await store.touch(row, touched);

  await store.commit(sampleChange('succeed', row));

  expect(await store.read(row.jobId)).toMatchObject({ status: 'succeeded', resends: 2 });
});

describe('at rest', () => {
  test('no item shows anything of payload, result, summary or record bodies', async () => {
    const secret = unique('in-the-clear');
    const job = sampleJob({}, { medication: secret });
    await store.accept(job);
    const claim = await store.claim({ jobId: job.row.jobId, generation: 1, now: NOW, timing: TIMING });
    if (!('row' in claim)) throw new Error('The sample job could not be claimed.');
    const change = sampleChange('succeed', claim.row, {
      result: { advice: secret },
      summary: `${secret}, 0 days`,
      writes: [userWrite(unique('owner'), 'absent', secret)],
    });
    expect(await store.commit(change)).toBe('committed');
    expect((await raw(jobRowKey(job.row.jobId)))?.['summary']?.B?.length).toBeGreaterThan(100);

    for (const table of [emulated.tables.jobs, emulated.tables.records, emulated.tables.audit]) {
      const { Items = [] } = await emulated.dynamo.send(new ScanCommand({ TableName: table }));
      expect(Items.length).toBeGreaterThan(0);
      const text = Items.map((item) => Buffer.from(JSON.stringify(unmarshall(item), bytesAsText)).toString());
      expect(text.join('\n')).not.toContain(secret);
    }
  });

  test('a payload that was put in another job’s place does not open', async () => {
    const userRef = unique('user');
    const [own, other] = [sampleJob({ userRef }, { own: true }), sampleJob({ userRef }, { other: true })];
    await store.accept(own);
    await store.accept(other);
    const moved = { ...(await raw(payloadKey(other.row.jobId))), ...keyOf(payloadKey(own.row.jobId)) };
    await emulated.dynamo.send(new PutItemCommand({ TableName: emulated.tables.jobs, Item: moved }));

    await expect(store.payload(own.row)).rejects.toMatchObject({ code: 'not_authentic' });
  });

  test('a payload that is gone is told as such', async () => {
    const { row, ...job } = sampleJob();
    await store.accept({ row, ...job });
    const key = keyOf(payloadKey(row.jobId));
    await emulated.dynamo.send(new DeleteItemCommand({ TableName: emulated.tables.jobs, Key: key }));
    await expect(store.payload(row)).rejects.toThrow('A job has no stored payload.');
  });

  test('row, payload and result live 90 days after the end, and on when a person retries the job', async () => {
    const before = await running(store);
    const fail = sampleChange('fail', before, { result: { partial: true } });
    await store.commit(fail);
    const { jobId } = before;
    const ttl = String(Math.floor(Date.parse(fail.after.endedAt ?? '') / 1000) + 90 * 86_400);
    for (const key of [jobRowKey(jobId), payloadKey(jobId), resultKey(jobId)])
      expect((await raw(key))?.['ttl']).toEqual({ N: ttl });

    const { endedAt, ...after } = sampleChange('redrive', fail.after, { set: { checkAt: NOW } }).after;
    expect(endedAt).toBeDefined();
    await store.commit({ ...sampleChange('redrive', fail.after), after });
    for (const key of [jobRowKey(jobId), payloadKey(jobId)]) {
      const item = await raw(key);
      expect(item).toBeDefined();
      expect(item?.['ttl']).toBeUndefined();
    }
    expect(await store.payload(after)).toEqual({ answer: 42 });
  });

  test('a job whose time is over is not shown, although its row still stands', async () => {
    const later = createJobStore({
      client: emulated.dynamo,
      pseudonymize: emulated.pseudonymize,
      tables: emulated.tables,
      cipher: emulated.cipher,
      clock: () => addSeconds(NOW, 91 * 86_400),
      shards: { watch: 3 },
    });
    const change = sampleChange('succeed', await running(store));
    await store.commit(change);
    expect(await store.read(change.after.jobId)).toEqual(change.after);
    expect(await later.read(change.after.jobId)).toBeUndefined();
  });

  test('a large result stands sealed in its bucket, a small one in its item', async () => {
    const before = await running(store);
    const result = { text: 'x'.repeat(300 * 1024) };
    const change = sampleChange('succeed', before, { result });
    await store.commit(change);

    const objectKey = `results/${before.jobId}/1/1`;
    expect((await raw(resultKey(before.jobId)))?.['objectKey']).toEqual({ S: objectKey });
    const { Contents = [] } = await s3().send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `results/${before.jobId}` }),
    );
    expect(Contents.map((object) => object.Key)).toEqual([objectKey]);
    const bytes = await createLargeObjects(s3(), bucket).get(objectKey);
    expect(Buffer.from(bytes ?? []).includes('xxxx')).toBe(false);
    expect(await store.result(change.after)).toEqual(result);

    await s3().send(new DeleteObjectCommand({ Bucket: bucket, Key: objectKey }));
    await expect(store.result(change.after)).rejects.toMatchObject({
      name: 'ProblemError',
      code: 'result_lost',
    });
  });
});

test('a transaction that would be too large is refused with a clear error and writes nothing', async () => {
  const before = await running(store);
  const children = Array.from({ length: 34 }, () => sampleJob());
  const commit = store.commit(sampleChange('wait', before, { children }));
  await expect(commit).rejects.toThrow('at most 100 items');
  expect(await store.read(before.jobId)).toEqual(before);
});

test('a function that was not given what a commit needs says so before it writes', async () => {
  const { dynamo: client, tables, pseudonymize, cipher } = emulated;
  const bare = createJobStore({ client, tables, cipher, pseudonymize, clock, shards: { watch: 3 } });
  const before = await running(store);
  await expect(bare.commit(sampleChange('succeed', before))).rejects.toThrow('number of outcome shards');
  await expect(
    bare.commit(sampleChange('wait', before, { result: { text: 'x'.repeat(300 * 1024) } })),
  ).rejects.toThrow('bucket of large results');
  expect(await store.read(before.jobId)).toEqual(before);
});

test('a cursor that the list has not given out is refused', async () => {
  for (const list of [
    store.listByUser('user', '2031-05', 10, 'made-up'),
    store.listOpen({ watches: ['open'], priorities: ['LOW'] }, 10, 'made-up'),
    store.listEnded({ from: NOW, to: addSeconds(NOW, 1) }, 10, 'made-up'),
  ])
    await expect(list).rejects.toMatchObject({ name: 'ProblemError', code: 'invalid_input' });
});

test('a job of a known user takes one call each to accept, claim, read its payload and finish', async () => {
  const userRef = unique('user');
  await store.accept(sampleJob({ userRef, counted: true }), undefined, 10);
  const job = sampleJob({ userRef, counted: true });
  const counted: number[] = [];
  const count = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = calls.count();
    const answer = await work();
    counted.push(calls.count() - before);
    return answer;
  };

  await count(() => store.accept(job, undefined, 10));
  const claim = await count(() =>
    store.claim({ jobId: job.row.jobId, generation: 1, now: NOW, timing: TIMING }),
  );
  if (!('row' in claim)) throw new Error('The sample job could not be claimed.');
  await count(() => store.payload(claim.row));
  const change = sampleChange('succeed', claim.row, { result: { ok: true }, summary: 'ok, 12 days' });
  await count(() => store.commit(change));

  expect(counted).toEqual([1, 1, 1, 1]);
});

function bytesAsText(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
}

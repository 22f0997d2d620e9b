import type { DynamoDBRecord } from 'aws-lambda';
import { expect, it } from 'vitest';
import { readLine } from '#shared/jobs/archive/change-line.ts';
import { changesBetween } from '#shared/jobs/archive/change-log.ts';
import { readFileLines } from '#shared/jobs/archive/read-lines.ts';
import { objectOfState } from '#shared/jobs/ports.ts';
import { createInMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { createRecordingLog } from '#test/fakes/quiet.ts';
import { changeLog } from './handler.ts';

const AT = '2026-03-01T02:00:00.000Z';
const keys = { pk: { S: 'JOB#1' }, sk: { S: 'ROW' } };
const record = (table: string, sequence: number, change: Partial<DynamoDBRecord>): DynamoDBRecord => ({
  eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-03-01T00:00:00.000`,
  ...change,
  dynamodb: {
    Keys: keys,
    SequenceNumber: String(sequence),
    ApproximateCreationDateTime: 1_772_330_400,
    ...change.dynamodb,
  },
});
const put = { eventName: 'MODIFY', dynamodb: { NewImage: { ...keys, body: { B: 'AQL/' } } } } as const;

function bench() {
  const archive = createInMemoryArchive();
  const tables = new Map([['stack-Jobs', 'jobs']]);
  const results = createInMemoryArchive();
  const deps = { archive, results, tables, clock: () => AT, log: createRecordingLog() };
  return { archive, results, keep: (...Records: DynamoDBRecord[]) => changeLog(deps)({ Records }) };
}

it('a batch becomes one object that tells images and deletions, in their order', async () => {
  const { archive, keep } = bench();
  await keep(record('stack-Jobs', 41, put), record('stack-Jobs', 42, { eventName: 'REMOVE' }));
  const [object, ...more] = await changesBetween(archive, 'jobs', AT, '2026-03-01T02:00:00.001Z');
  expect(more).toEqual([]);
  expect(object).toMatchObject({ table: 'jobs', changes: 2, sequence: '41'.padStart(40, '0') });
  const lines: unknown[] = [];
  const { key = '', bytes = 0, sha256 = '' } = object ?? {};
  for await (const line of readFileLines(archive, { key, bytes, sha256, items: 2 }))
    lines.push(JSON.parse(line));
  const metadata = { WriteTimestampMicros: { N: '1772330400000000' } };
  expect(lines).toEqual([
    {
      Metadata: { ...metadata, SequenceNumber: '41' },
      Keys: keys,
      NewImage: { ...keys, body: { B: 'AQL/' } },
    },
    { Metadata: { ...metadata, SequenceNumber: '42' }, Keys: keys },
  ]);
  // What was written at its end is not in a range.
  expect(await changesBetween(archive, 'jobs', '2026-03-01T01:00:00.000Z', AT)).toEqual([]);
});

it('a large result that a change names is kept beside it, whole, each in an object of its own', async () => {
  const { archive, results, keep } = bench();
  const sealed = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251));
  for (const name of ['one', 'two']) results.objects.set(`results/${name}`, sealed);
  const naming = (key: string) =>
    ({ eventName: 'INSERT', dynamodb: { NewImage: { ...keys, objectKey: { S: key } } } }) as const;
  await keep(
    record('stack-Jobs', 41, naming('results/one')),
    record('stack-Jobs', 42, naming('results/two')),
    // One that has expired since, and one that is named twice.
    record('stack-Jobs', 43, naming('results/gone')),
    record('stack-Jobs', 44, naming('results/one')),
  );
  const until = '2026-03-01T02:00:00.001Z';
  expect(await changesBetween(archive, 'jobs', AT, until)).toMatchObject([{ changes: 4 }]);
  const kept = await changesBetween(archive, 'results', AT, until);
  const states: ReturnType<typeof objectOfState>[] = [];
  for (const { key, bytes, sha256 } of kept)
    for await (const line of readFileLines(archive, { key, bytes, sha256, items: 1 }))
      states.push(objectOfState(readLine(line, ['pk', 'sk'])));
  expect(states.map(({ key }) => key).toSorted()).toEqual(['results/one', 'results/two']);
  for (const { bytes } of states) expect(Buffer.compare(sealed, bytes ?? Buffer.of())).toBe(0);
});

it.each([
  ['comes from a table that is not backed up', record('stack-Secrets', 1, put)],
  ['has no image', record('stack-Jobs', 1, { eventName: 'INSERT' })],
  ['has no number', record('stack-Jobs', 1, { ...put, dynamodb: { SequenceNumber: '' } })],
])('a batch with a change that %s fails whole and writes nothing', async (_, wrong) => {
  const { archive, keep } = bench();
  await expect(keep(record('stack-Jobs', 0, put), wrong)).rejects.toThrow('A change');
  expect(archive.objects.size).toBe(0);
});

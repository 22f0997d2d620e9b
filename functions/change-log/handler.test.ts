import type { DynamoDBRecord } from 'aws-lambda';
import { expect, it } from 'vitest';
import { changesBetween } from '#shared/jobs/archive/change-log.ts';
import { readFileLines } from '#shared/jobs/archive/read-lines.ts';
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
  const deps = { archive, tables, clock: () => AT, log: createRecordingLog() };
  return { archive, keep: (...Records: DynamoDBRecord[]) => changeLog(deps)({ Records }) };
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

it.each([
  ['comes from a table that is not backed up', record('stack-Secrets', 1, put)],
  ['has no image', record('stack-Jobs', 1, { eventName: 'INSERT' })],
  ['has no number', record('stack-Jobs', 1, { ...put, dynamodb: { SequenceNumber: '' } })],
])('a batch with a change that %s fails whole and writes nothing', async (_, wrong) => {
  const { archive, keep } = bench();
  await expect(keep(record('stack-Jobs', 0, put), wrong)).rejects.toThrow('A change');
  expect(archive.objects.size).toBe(0);
});

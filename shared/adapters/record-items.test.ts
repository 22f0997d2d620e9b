import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import { NOW } from '#test/contracts/sample-jobs.ts';
import type { RecordWrite, RecordWriteOf } from '../jobs/ports.ts';
import type { FieldCipher } from './field-cipher.ts';
import { parseRecord, recordItems } from './record-items.ts';

/** Seals by turning the text around: enough to tell a body that was sealed from one that was not. */
const cipher: FieldCipher = {
  seal: async (place, owner, value) =>
    Buffer.from(JSON.stringify([place, owner, value]).split('').reverse().join('')),
  open: async (place, owner, bytes) => {
    const [sealedPlace, sealedOwner, value] = JSON.parse(
      Buffer.from(bytes ?? [])
        .toString()
        .split('')
        .reverse()
        .join(''),
    );
    expect([sealedPlace, sealedOwner]).toEqual([place, owner]);
    return value;
  },
  mark: async (owner, text) => `mark of ${owner} ${text}`,
  joins: () => [],
};

const tables = { records: 'records-table', jobs: 'jobs-table' };
const clock = () => NOW;
const options = { tables, cipher, clock, shards: { due: 4, outcome: 2 } };

const schedule: RecordWriteOf<'schedule'> = {
  type: 'schedule',
  owner: 'owner-ref',
  id: 'medication-ref',
  expect: 3,
  state: { status: 'active', nextDueAt: NOW, acceptedAt: NOW, revision: 2 },
  body: {
    userId: 'plain-user-id',
    medicationId: 'plain-medication-id',
    frequency: 'QD',
    times: ['08:00'],
    timeZone: 'UTC',
    startDate: '2031-05-06',
    tzdataVersion: '2030a',
  },
};

const occurrence: RecordWrite = {
  type: 'occurrence',
  owner: 'owner-ref',
  id: '2031-05-06_0800_m',
  expect: 'absent',
  state: { status: 'scheduled', dueAt: '2031-05-06T08:00:00.000Z', scheduleRevision: 1, reason: null },
  body: { userId: 'u', medicationId: 'm', localTime: '08:00', timeZone: 'UTC', slots: ['08:00'] },
};

describe('a record write', () => {
  test('names its key and the version that must stand', async () => {
    const [item] = await recordItems(options, [schedule]);
    expect(item?.Update).toMatchObject({
      TableName: 'records-table',
      Key: { pk: { S: 'OWNER#owner-ref' }, sk: { S: 'schedule#medication-ref' } },
      ConditionExpression: '#version = :expected',
    });
    expect(item?.Update?.ExpressionAttributeValues?.[':expected']).toEqual({ N: '3' });
  });

  test.each<[RecordWrite['expect'], string | undefined]>([
    ['absent', 'attribute_not_exists(pk)'],
    ['any', undefined],
  ])('that expects %s has the condition %s', async (expectation, condition) => {
    const [item] = await recordItems(options, [{ ...schedule, expect: expectation }]);
    expect(item?.Update?.ConditionExpression).toBe(condition);
  });

  test('shows codes and times in the clear and nothing of its body', async () => {
    const items = await recordItems(options, [schedule]);
    const text = JSON.stringify(items, (_, value) => (value instanceof Uint8Array ? '(bytes)' : value));
    expect(text).toContain('"nextDueAt"');
    for (const hidden of ['plain-user-id', 'plain-medication-id', '08:00', 'tzdata', '"QD"'])
      expect(text).not.toContain(hidden);
  });

  test('of an active schedule appends its next dose to the bucket of that minute', async () => {
    const [, due] = await recordItems(options, [schedule]);
    const item = unmarshall(due?.Put?.Item ?? {});
    expect(item['pk']).toMatch(/^DUE#[0-3]#2031-05-06T07:08$/);
    expect(item).toMatchObject({
      sk: `${NOW}#owner-ref#medication-ref#2`,
      owner: 'owner-ref',
      medicationRef: 'medication-ref',
      scheduleRevision: 2,
      dueAt: NOW,
    });
    expect(item['ttl']).toBeGreaterThan(Date.parse(NOW) / 1000);
  });

  test('of an active schedule fails clearly where the number of shards is not known', async () => {
    const run = recordItems({ tables, cipher, clock, shards: {} }, [schedule]);
    await expect(run).rejects.toThrow('was not given the number of due shards');
  });

  test('of a stopped schedule needs no bucket and no number of shards', async () => {
    const stopped = { ...schedule, state: { ...schedule.state, status: 'stopped' } } as const;
    expect(await recordItems({ tables, cipher, clock, shards: {} }, [stopped])).toHaveLength(1);
  });

  test('of a schedule whose next dose stays where it was writes nothing but its own item', async () => {
    expect(
      await recordItems({ tables, cipher, clock, shards: {} }, [{ ...schedule, isEntered: true }]),
    ).toHaveLength(1);
  });

  test('of an occurrence lives for 13 months, of anything else for ever', async () => {
    const [kept, passing] = [
      await recordItems(options, [schedule]),
      await recordItems(options, [occurrence]),
    ];
    const ttl = passing[0]?.Update?.ExpressionAttributeValues?.[':ttl']?.N;
    expect(Number(ttl)).toBe(Date.parse('2031-05-06T08:00:00.000Z') / 1000 + 396 * 86_400);
    expect(kept[0]?.Update?.UpdateExpression).not.toContain('ttl');
  });
});

describe('a stored record', () => {
  const stored = async (over: object = {}) => ({
    v: { N: '1' },
    id: { S: 'medication-ref' },
    version: { N: '4' },
    state: { M: { status: { S: 'active' } } },
    body: {
      B: await cipher.seal(
        { table: 'records', pk: 'OWNER#o', sk: 'medication#medication-ref', attribute: 'body' },
        'o',
        { userId: 'u', medicationId: 'm' },
      ),
    },
    ...over,
  });

  test('is opened at its own place for its own owner', async () => {
    expect(await parseRecord(cipher, 'medication', 'o', await stored())).toEqual({
      type: 'medication',
      id: 'medication-ref',
      version: 4,
      state: { status: 'active' },
      body: { userId: 'u', medicationId: 'm' },
    });
  });

  test('of another shape version is refused', async () => {
    const item = await stored({ v: { N: '3' } });
    await expect(parseRecord(cipher, 'medication', 'o', item)).rejects.toThrow('version 3');
  });
});

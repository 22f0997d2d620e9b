import { describe, expect, test } from 'vitest';
import { scriptedKms, scriptedTables } from '#test/contracts/scripted-aws.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { createKeyRing } from './key-ring.ts';

const DAY = '2031-05-06';

function setUp() {
  const tables = scriptedTables();
  const kms = scriptedKms();
  let ageMs = 0;
  let now = `${DAY}T00:00:00.000Z`;
  const setTime = (to: string) => {
    now = to;
  };
  const environment = () =>
    createKeyRing({
      dynamo: tables.client,
      kms: kms.client,
      kmsKeyId: 'key-arn',
      table: 'jobs',
      clock: () => now,
      ageMs: () => ageMs,
    });
  const pass = (ms: number) => {
    ageMs += ms;
  };
  return { tables, kms, environment, pass, setTime, kmsCalls: () => kms.calls.map((call) => call.name) };
}

describe('a day key', () => {
  test('is made once and is the same in every environment', async () => {
    const { environment, tables, kmsCalls } = setUp();
    const first = await environment().dayKeyForSealing(DAY);
    const second = await environment().dayKeyForOpening(DAY);

    expect(second).toEqual(first);
    expect(first).toHaveLength(32);
    expect(kmsCalls()).toEqual(['GenerateDataKeyWithoutPlaintext', 'Decrypt', 'Decrypt']);
    expect([...tables.items.keys()]).toEqual([`jobs/KEY#DAY#${DAY}/ROW`]);
  });

  test('stands in the table wrapped only', async () => {
    const { environment, tables } = setUp();
    const key = await environment().dayKeyForSealing(DAY);
    const row = tables.items.get(`jobs/KEY#DAY#${DAY}/ROW`);
    expect(row?.['wrapped']?.B).not.toEqual(key);
    expect(JSON.stringify(row)).not.toContain(Buffer.from(key).toString('base64'));
  });

  test('of a race is the winner’s for both', async () => {
    const { environment } = setUp();
    const [a, b] = await Promise.all([
      environment().dayKeyForSealing(DAY),
      environment().dayKeyForSealing(DAY),
    ]);
    expect(a).toEqual(b);
  });

  test('is kept for five minutes and no longer; its row is not read again', async () => {
    const { environment, tables, kms, pass } = setUp();
    const ring = environment();
    await ring.dayKeyForSealing(DAY);
    const [reads, unwraps] = [tables.calls.length, kms.calls.length];

    pass(5 * 60_000 - 1);
    await ring.dayKeyForSealing(DAY);
    expect(kms.calls).toHaveLength(unwraps);

    pass(1);
    await ring.dayKeyForOpening(DAY);
    expect(kms.calls).toHaveLength(unwraps + 1);
    expect(tables.calls).toHaveLength(reads);
  });

  test('is unwrapped once for callers at the same time', async () => {
    const { environment, kmsCalls } = setUp();
    await environment().dayKeyForSealing(DAY);
    const ring = environment();
    await Promise.all(Array.from({ length: 5 }, () => ring.dayKeyForOpening(DAY)));
    expect(kmsCalls().filter((name) => name === 'Decrypt')).toHaveLength(2);
  });

  test('that does not exist is not made to open something', async () => {
    const { environment, tables } = setUp();
    await expect(environment().dayKeyForOpening(DAY)).rejects.toMatchObject({ code: 'key_missing' });
    expect(tables.items.size).toBe(0);
  });

  test('that was handed over by a batch is not read again', async () => {
    const { environment, tables } = setUp();
    await environment().dayKeyForSealing(DAY);
    const ring = environment();
    const reads = tables.calls.length;
    expect(ring.wanted(DAY)).toEqual({ table: 'jobs', pk: `KEY#DAY#${DAY}`, sk: 'ROW' });

    ring.offer(DAY, tables.items.get(`jobs/KEY#DAY#${DAY}/ROW`));

    await ring.dayKeyForOpening(DAY);
    expect(tables.calls).toHaveLength(reads);
    expect(ring.wanted(DAY)).toBeUndefined();
  });

  test('is not read again when a batch brought those of all days of which jobs stand', async () => {
    const { environment, tables } = setUp();
    const days = Array.from({ length: 91 }, (_, index) => addSeconds(`${DAY}T00:00:00.000Z`, index * 86_400));
    const names = days.map((day) => day.slice(0, 10));
    const maker = environment();
    for (const day of names) await maker.dayKeyForSealing(day);
    const ring = environment();
    for (const day of names) ring.offer(day, tables.items.get(`jobs/KEY#DAY#${day}/ROW`));
    const reads = tables.calls.length;

    await Promise.all(names.map((day) => ring.dayKeyForOpening(day)));

    expect(tables.calls).toHaveLength(reads);
  });

  test('is read again when many others have come since, and those are not', async () => {
    const { environment, tables } = setUp();
    await environment().dayKeyForSealing(DAY);
    const ring = environment();
    const item = tables.items.get(`jobs/KEY#DAY#${DAY}/ROW`);
    const others = Array.from({ length: 128 }, (_, index) => `other-${index}`);
    for (const day of [DAY, ...others]) ring.offer(day, item);

    expect(ring.wanted(DAY)).toBeDefined();
    expect(others.filter((day) => ring.wanted(day))).toEqual([]);
  });

  test('carries purpose and day as encryption context', async () => {
    const { environment, kms } = setUp();
    await environment().dayKeyForSealing(DAY);
    const contexts = kms.calls.map((call) => call.input['EncryptionContext']);
    expect(contexts).toEqual([
      { purpose: 'field', day: DAY },
      { purpose: 'field', day: DAY },
    ]);
  });
});

describe('the hash key', () => {
  test('is made once, under a purpose of its own', async () => {
    const { environment, kms } = setUp();
    const first = await environment().hashKey();
    expect(await environment().hashKey()).toEqual(first);
    expect(kms.calls.map((call) => call.input['EncryptionContext'])).toEqual(
      Array.from({ length: 3 }, () => ({ purpose: 'hash' })),
    );
  });
});

describe('the key of a year', () => {
  test('is made by whoever needs it first, under its own purpose and year, and is that of all environments', async () => {
    const { environment, kms, kmsCalls, tables } = setUp();
    const first = await environment().auditKey('2031');
    expect(await environment().auditKey('2031')).toEqual(first);
    expect(await environment().auditKey('2032')).not.toEqual(first);
    expect(kmsCalls().filter((name) => name !== 'Decrypt')).toHaveLength(2);
    expect(kms.calls[0]?.input['EncryptionContext']).toEqual({ purpose: 'audit-hash', year: '2031' });
    expect([...tables.items.keys()]).toEqual(['jobs/KEY#AUDIT#2031/ROW', 'jobs/KEY#AUDIT#2032/ROW']);
  });

  test('costs an environment one read, and one call of KMS in five minutes, however much is written', async () => {
    const { environment, tables, kms, pass } = setUp();
    await environment().auditKey('2031');
    const ring = environment();
    const [reads, unwraps] = [tables.calls.length, kms.calls.length];
    for (let entries = 0; entries < 50; entries += 1) await ring.auditKey('2031');
    pass(5 * 60_000);
    await Promise.all(Array.from({ length: 50 }, () => ring.auditKey('2031')));
    expect(tables.calls).toHaveLength(reads + 1);
    expect(kms.calls).toHaveLength(unwraps + 2);
  });

  test('is asked for with those of all other years in one read, which makes none', async () => {
    const { environment, tables, kmsCalls } = setUp();
    expect(await environment().auditKeys()).toEqual([]);
    const made = [await environment().auditKey('2029'), await environment().auditKey('2031')];
    const reads = tables.calls.length;
    const keys = await environment().auditKeys();
    expect(keys).toEqual([
      { version: '2031', key: made[1] },
      { version: '2029', key: made[0] },
    ]);
    expect(tables.calls.slice(reads).map(({ name }) => name)).toEqual(['BatchGetItem']);
    expect(kmsCalls().filter((name) => name !== 'Decrypt')).toHaveLength(2);
  });

  test('of the next year is among them as soon as another environment’s clock may be there', async () => {
    const { environment, setTime } = setUp();
    await environment().auditKey('2032');
    const years = async (now: string) => {
      setTime(now);
      return (await environment().auditKeys()).map(({ version }) => version);
    };
    expect(await years('2031-12-30T23:59:59.999Z')).toEqual([]);
    expect(await years('2031-12-31T00:00:00.000Z')).toEqual(['2032']);
  });
});

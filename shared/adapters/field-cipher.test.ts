import { describe, expect, test } from 'vitest';
import { scriptedKms, scriptedTables } from '#test/contracts/scripted-aws.ts';
import { createFieldCipher } from './field-cipher.ts';
import { createKeyRing } from './key-ring.ts';
import { createOwnerSecrets } from './owner-secrets.ts';

const PLACE = { table: 'records', pk: 'OWNER#a', sk: 'user#', attribute: 'body' } as const;

function setUp() {
  const tables = scriptedTables();
  const kms = scriptedKms();
  let now = '2031-05-06T23:59:59.999Z';
  const clock = () => now;
  /** A cipher as a new environment has it. */
  const environment = () =>
    createFieldCipher({
      keys: createKeyRing({ dynamo: tables.client, kms: kms.client, kmsKeyId: 'k', table: 'jobs', clock }),
      secrets: createOwnerSecrets({ dynamo: tables.client, table: 'secrets', clock }),
      clock,
    });
  return { tables, environment, setNow: (instant: string) => (now = instant) };
}

describe('the field cipher', () => {
  test('opens in one environment what another one sealed on an earlier day', async () => {
    const { environment, setNow } = setUp();
    const value = { text: 'é', list: [1, null, true], nested: { empty: {} } };
    const sealed = await environment().seal(PLACE, 'a', value);

    setNow('2031-06-01T00:00:00.000Z');

    expect(await environment().open(PLACE, 'a', sealed)).toEqual(value);
  });

  test('uses the key of the day on which it seals', async () => {
    const { environment, setNow, tables } = setUp();
    const cipher = environment();
    await cipher.seal(PLACE, 'a', 1);
    setNow('2031-05-07T00:00:00.000Z');
    await cipher.seal(PLACE, 'a', 2);
    const days = [...tables.items.keys()].filter((key) => key.startsWith('jobs/KEY#DAY#'));
    expect(days).toEqual(['jobs/KEY#DAY#2031-05-06/ROW', 'jobs/KEY#DAY#2031-05-07/ROW']);
  });

  test('does not open one owner’s field as another’s', async () => {
    const { environment } = setUp();
    const cipher = environment();
    const sealed = await cipher.seal(PLACE, 'a', { secret: 'x' });
    await cipher.seal(PLACE, 'b', {});
    await expect(cipher.open(PLACE, 'b', sealed)).rejects.toMatchObject({ code: 'not_authentic' });
  });

  test('opens nothing after the owner’s secret was erased, and makes no new one', async () => {
    const { environment, tables } = setUp();
    const sealed = await environment().seal(PLACE, 'a', { secret: 'x' });
    tables.items.delete('secrets/a/SECRET');

    await expect(environment().open(PLACE, 'a', sealed)).rejects.toMatchObject({ code: 'secret_missing' });
    expect(tables.items.has('secrets/a/SECRET')).toBe(false);
  });

  test('says so when an item has no sealed field', async () => {
    const { environment } = setUp();
    await expect(environment().open(PLACE, 'a', undefined)).rejects.toMatchObject({
      code: 'not_an_envelope',
    });
  });

  test('tells no data in its error', async () => {
    const { environment } = setUp();
    const sealed = Buffer.from(await environment().seal(PLACE, 'a', 'PLAIN-TEXT'));
    sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);
    const error: unknown = await environment()
      .open(PLACE, 'a', sealed)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'FieldCipherError' });
    expect(JSON.stringify([error, String(error)])).not.toContain('PLAIN-TEXT');
  });

  test('asks a batch for what it does not hold yet, and for nothing afterwards', async () => {
    const { environment, tables } = setUp();
    const sealed = await environment().seal(PLACE, 'a', 1);
    const cipher = environment();
    const joins = cipher.joins('a', '2031-05-06');
    expect(joins.map((join) => join.address)).toEqual([
      { table: 'secrets', pk: 'a', sk: 'SECRET' },
      { table: 'jobs', pk: 'KEY#DAY#2031-05-06', sk: 'ROW' },
    ]);
    for (const { address, take } of joins)
      take(tables.items.get(`${address.table}/${address.pk}/${address.sk}`));
    const before = tables.calls.length;

    expect(await cipher.open(PLACE, 'a', sealed)).toBe(1);

    expect(tables.calls).toHaveLength(before);
    expect(cipher.joins('a', '2031-05-06')).toEqual([]);
  });
});

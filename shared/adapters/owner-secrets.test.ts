import { describe, expect, test } from 'vitest';
import { scriptedTables } from '#test/contracts/scripted-aws.ts';
import { createOwnerSecrets } from './owner-secrets.ts';

function setUp() {
  const tables = scriptedTables();
  let ageMs = 0;
  const environment = () =>
    createOwnerSecrets({
      dynamo: tables.client,
      table: 'secrets',
      clock: () => '2031-05-06T00:00:00.000Z',
      ageMs: () => ageMs,
    });
  const pass = (ms: number) => {
    ageMs += ms;
  };
  return { tables, environment, pass, calls: () => tables.calls.map((call) => call.name) };
}

describe('an owner’s secret', () => {
  test('is 32 bytes, made once, the same everywhere and another one per owner', async () => {
    const { environment } = setUp();
    const first = await environment().secretForSealing('a');
    expect(first).toHaveLength(32);
    expect(await environment().secretForSealing('a')).toEqual(first);
    expect(await environment().secretForOpening('a')).toEqual(first);
    expect(await environment().secretForSealing('b')).not.toEqual(first);
  });

  test('of a race is the winner’s for both', async () => {
    const { environment } = setUp();
    const [a, b] = await Promise.all([
      environment().secretForSealing('a'),
      environment().secretForSealing('a'),
    ]);
    expect(a).toEqual(b);
  });

  test('is not made by opening', async () => {
    const { environment, tables } = setUp();
    await expect(environment().secretForOpening('a')).rejects.toMatchObject({ code: 'secret_missing' });
    expect(tables.items.size).toBe(0);
  });

  test('is read again after a minute, so that an erased one is soon gone', async () => {
    const { environment, tables, pass } = setUp();
    const secrets = environment();
    await secrets.secretForSealing('a');
    tables.items.clear();
    pass(59_999);
    await secrets.secretForOpening('a');
    pass(1);
    await expect(secrets.secretForOpening('a')).rejects.toMatchObject({ code: 'secret_missing' });
  });

  test('is looked for with few others at a time, however many are asked for at once', async () => {
    const tables = scriptedTables();
    let underWay = 0;
    let most = 0;
    const send: typeof tables.client.send = async (command: never) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((answer) => setImmediate(answer));
      underWay -= 1;
      return tables.client.send(command);
    };
    const secrets = createOwnerSecrets({
      dynamo: Object.assign(Object.create(tables.client), { send }),
      table: 'secrets',
      clock: () => '2031-05-06T00:00:00.000Z',
    });
    const owners = Array.from({ length: 400 }, (_, number) => `owner-${number}`);
    const made = await Promise.all(owners.map((owner) => secrets.secretForSealing(owner)));
    expect(new Set(made.map((secret) => Buffer.from(secret).toString('hex'))).size).toBe(owners.length);
    expect(most).toBeLessThanOrEqual(16);
    expect(most).toBeGreaterThan(1);
  });

  test('whose reading fails lets the next ones in', async () => {
    const failing = { send: () => Promise.reject(new Error('away')) };
    const tables = scriptedTables();
    let isAway = true;
    const dynamo = Object.assign(Object.create(tables.client), {
      send: (command: never) => (isAway ? failing.send() : tables.client.send(command)),
    });
    const secrets = createOwnerSecrets({
      dynamo,
      table: 'secrets',
      clock: () => '2031-05-06T00:00:00.000Z',
    });
    const owners = Array.from({ length: 40 }, (_, number) => `owner-${number}`);
    const ends = await Promise.allSettled(owners.map((owner) => secrets.secretForSealing(owner)));
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    isAway = false;
    expect(await secrets.secretForSealing('owner-0')).toHaveLength(32);
  });

  test('that a batch did not find is made without another look', async () => {
    const { environment, calls } = setUp();
    const secrets = environment();
    secrets.offer('a', undefined);
    await secrets.secretForSealing('a');
    expect(calls()).toEqual(['PutItem']);
  });

  test('that a batch did not find but somebody else has made meanwhile is that one', async () => {
    const { environment } = setUp();
    const late = environment();
    late.offer('a', undefined);
    const made = await environment().secretForSealing('a');
    expect(await late.secretForSealing('a')).toEqual(made);
  });
});

import { expect, test } from 'vitest';
import { scriptedClient, scriptedKms, scriptedTables } from '#test/contracts/scripted-aws.ts';
import type { RecordWrite } from '../jobs/ports.ts';
import { createFieldCipher } from './field-cipher.ts';
import { createKeyRing } from './key-ring.ts';
import { createOwnerSecrets } from './owner-secrets.ts';
import { createRecordStore } from './record-store.ts';

test('records of many new owners are sealed after one look for all of their secrets', async () => {
  const clock = () => '2031-05-06T00:00:00.000Z';
  const tables = scriptedTables();
  const { client: kms } = scriptedKms();
  const { client, calls } = scriptedClient<typeof tables.client>((name, input) => {
    // The class of a command is all that the scripted tables know of it.
    const named = { [`${name}Command`]: class {} }[`${name}Command`];
    const command = Object.assign(Object.create(named?.prototype ?? null), { input });
    return name === 'TransactWriteItems' ? {} : tables.client.send(command);
  });
  const cipher = createFieldCipher({
    keys: createKeyRing({ dynamo: client, kms, kmsKeyId: 'k', table: 'jobs', clock }),
    secrets: createOwnerSecrets({ dynamo: client, table: 'secrets', clock }),
    clock,
  });
  const names = { records: 'records', jobs: 'jobs', audit: 'audit' };
  const store = createRecordStore({
    client,
    tables: names,
    cipher,
    pseudonymize: async (entry) => entry,
    clock,
    shards: {},
  });
  const lineOf = (number: number): RecordWrite => ({
    type: 'import-line',
    owner: `owner-${number}`,
    id: String(number),
    expect: 'any',
    state: { acceptedAt: clock() },
    body: { line: number } as never,
  });

  const lines = Array.from({ length: 90 }, (_, number) => lineOf(number));
  expect(await store.commit(lines, [])).toBe('committed');
  const secretsRead = calls.filter(
    ({ name, input }) => name === 'GetItem' && input['TableName'] === 'secrets',
  );
  expect(secretsRead).toEqual([]);
  expect(calls.filter(({ name }) => name === 'BatchGetItem')).toHaveLength(1);
  expect([...tables.items.keys()].filter((name) => name.startsWith('secrets/'))).toHaveLength(90);

  // Of a single owner nothing is read ahead, and of those who are known nothing again.
  await store.commit(lines.slice(0, 2), []);
  await store.commit([lineOf(1_000)], []);
  expect(calls.filter(({ name }) => name === 'BatchGetItem')).toHaveLength(1);
});

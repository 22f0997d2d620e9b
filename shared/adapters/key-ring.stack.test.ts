import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmulatedTables, type EmulatedTables } from '#test/contracts/emulated-tables.ts';
import { NOW, unique } from '#test/contracts/sample-jobs.ts';
import { keyOf } from './batch-get.ts';
import { dayKeyKey } from './item-keys.ts';
import { createKeyRing } from './key-ring.ts';
import { createOwnerSecrets } from './owner-secrets.ts';
import { loadRefs } from './refs.ts';

let emulated: EmulatedTables;
beforeAll(async () => {
  emulated = await createEmulatedTables(() => NOW);
});
afterAll(() => emulated.delete());

/** A ring as a new environment has it. */
const environment = () => {
  const { dynamo, kms, kmsKeyId, tables, clock } = emulated;
  return createKeyRing({ dynamo, kms, kmsKeyId, table: tables.jobs, clock });
};

test('environments that start at the same moment agree on the day’s key', async () => {
  const keys = await Promise.all(
    Array.from({ length: 5 }, () => environment().dayKeyForSealing('2031-05-06')),
  );
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
});

test('environments that start at the same moment agree on every keyed hash', async () => {
  const refs = await Promise.all(Array.from({ length: 5 }, () => loadRefs(environment())));
  expect(new Set(refs.map((ref) => ref.user('user-1'))).size).toBe(1);
});

test('KMS unwraps a day’s key for its own purpose and day only', async () => {
  await environment().dayKeyForSealing('2031-05-07');
  const { dynamo, kms, kmsKeyId, tables } = emulated;
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: tables.jobs, Key: keyOf(dayKeyKey('2031-05-07')) }),
  );
  const unwrap = (EncryptionContext: Record<string, string>) =>
    kms.send(
      new DecryptCommand({ KeyId: kmsKeyId, CiphertextBlob: Item?.['wrapped']?.B, EncryptionContext }),
    );

  await expect(unwrap({ purpose: 'field', day: '2031-05-07' })).resolves.toMatchObject({
    Plaintext: await environment().dayKeyForOpening('2031-05-07'),
  });
  await expect(unwrap({ purpose: 'field', day: '2031-05-08' })).rejects.toThrow();
  await expect(unwrap({ purpose: 'hash' })).rejects.toThrow();
});

test('writers of a new owner’s first fields agree on the secret', async () => {
  const { dynamo, tables, clock } = emulated;
  const owner = unique('owner');
  const secrets = await Promise.all(
    Array.from({ length: 5 }, () =>
      createOwnerSecrets({ dynamo, table: tables.secrets, clock }).secretForSealing(owner),
    ),
  );
  expect(new Set(secrets.map((secret) => Buffer.from(secret).toString('hex'))).size).toBe(1);
});

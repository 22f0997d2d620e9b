import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GenerateDataKeyWithoutPlaintextCommand, type KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyOf } from '#shared/adapters/batch-get.ts';
import { HASH_KEY_KEY } from '#shared/adapters/item-keys.ts';
import { createKeyRing } from '#shared/adapters/key-ring.ts';
import { loadRefs } from '#shared/adapters/refs.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { keyedHashesContract } from './keyed-hashes-contract.ts';
import { NOW } from './sample-jobs.ts';

/** Two deployments that nothing was hashed in yet: one for the suite, one for the race. */
let emulated: EmulatedTables;
let raced: EmulatedTables;
beforeAll(async () => {
  emulated = await createEmulatedTables(() => NOW);
  raced = await createEmulatedTables(() => NOW);
});
afterAll(async () => {
  await emulated.delete();
  await raced.delete();
});

/** A ring as a new environment has it. */
const environment = ({ dynamo, kms, kmsKeyId, tables, clock }: EmulatedTables) =>
  createKeyRing({ dynamo, kms, kmsKeyId, table: tables.jobs, clock });

async function storedKey({ dynamo, tables }: EmulatedTables) {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: tables.jobs, Key: keyOf(HASH_KEY_KEY) }),
  );
  return Buffer.from(Item?.['wrapped']?.B ?? []);
}

keyedHashesContract('HMAC under a key that KMS wraps', () => loadRefs(environment(emulated)));

test('the first environments of a deployment each make a key, and all use the one that was stored', async () => {
  // Held back until both have asked KMS for a key: neither has seen the other's.
  let asked = 0;
  let release = () => {};
  const bothAsked = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = {
    send: async (command: never) => {
      const made = await raced.kms.send(command);
      if ((command as object) instanceof GenerateDataKeyWithoutPlaintextCommand) {
        asked += 1;
        if (asked === 2) release();
        await bothAsked;
      }
      return made;
    },
  };
  // The adapters use nothing of a client but `send`.
  const inRace = { ...raced, kms: slow as unknown as KMSClient };

  const [a, b] = await Promise.all([loadRefs(environment(inRace)), loadRefs(environment(inRace))]);

  expect(asked).toBe(2);
  expect(a.user('user-1')).toBe(b.user('user-1'));
  expect((await loadRefs(environment(raced))).user('user-1')).toBe(a.user('user-1'));
});

test('the key stands wrapped, and is never replaced', async () => {
  const ring = environment(emulated);
  const plain = Buffer.from(await ring.hashKey());
  const stored = await storedKey(emulated);
  expect(plain).toHaveLength(32);
  expect(stored.length).toBeGreaterThan(0);
  expect(stored.includes(plain)).toBe(false);

  for (let starts = 0; starts < 3; starts += 1) await environment(emulated).hashKey();
  expect(await storedKey(emulated)).toEqual(stored);
});

test('two deployments hash the same input differently', async () => {
  const [a, b] = [await loadRefs(environment(emulated)), await loadRefs(environment(raced))];
  expect(a.user('user-1')).not.toBe(b.user('user-1'));
});

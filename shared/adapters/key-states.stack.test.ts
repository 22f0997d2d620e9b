import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { emulatedEnvironment } from '#test/contracts/emulated-tables.ts';
import { keyStatesContract } from '#test/contracts/key-states-contract.ts';
import { kmsClient } from './clients.ts';
import { createKeyStates } from './key-states.ts';

const kms = kmsClient({ environment: emulatedEnvironment() });

async function newKey(): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  return KeyMetadata?.Arn ?? '';
}

keyStatesContract('KMS', async () => {
  const keys = new Map<string, string>();
  for (const name of ['first', 'second', 'third']) keys.set(name, await newKey());
  const KeyId = (name: string) => ({ KeyId: keys.get(name) ?? '' });
  return {
    keyStates: createKeyStates(kms, keys),
    disable: async (name) => {
      await kms.send(new DisableKeyCommand(KeyId(name)));
    },
    enable: async (name) => {
      await kms.send(new EnableKeyCommand(KeyId(name)));
    },
    orderDeletion: async (name) => {
      await kms.send(new ScheduleKeyDeletionCommand({ ...KeyId(name), PendingWindowInDays: 7 }));
    },
    unreachable: createKeyStates(
      kmsClient({ environment: { ...emulatedEnvironment(), AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } }),
      keys,
    ),
  };
});

test('a key that is gone is told, not thrown over', async () => {
  const arn = (await newKey()).replace(/key\/.*/, 'key/00000000-0000-4000-8000-000000000000');
  const states = createKeyStates(kms, new Map([['seal', arn]]));
  expect(await states.unusable()).toEqual([{ name: 'seal', state: 'Deleted' }]);
});

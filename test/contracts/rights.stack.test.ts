import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GenerateDataKeyWithoutPlaintextCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '#shared/adapters/audit-log.ts';
import { keyOf } from '#shared/adapters/batch-get.ts';
import { createDueBuckets } from '#shared/adapters/due-buckets.ts';
import { createEraseStore } from '#shared/adapters/erase-store.ts';
import { createFieldCipher } from '#shared/adapters/field-cipher.ts';
import { retiredHashKeyKey } from '#shared/adapters/item-keys.ts';
import { createKeyRing } from '#shared/adapters/key-ring.ts';
import { createOwnerSecrets } from '#shared/adapters/owner-secrets.ts';
import { createRecordStore } from '#shared/adapters/record-store.ts';
import { loadRefs, loadSubjects } from '#shared/adapters/refs.ts';
import { createSubjectTrail } from '#shared/adapters/subject-trail.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { eraseStoreContract } from './erase-store-contract.ts';
import { NOW } from './sample-jobs.ts';
import { subjectTrailContract } from './subject-trail-contract.ts';

let emulated: EmulatedTables;
const clock = () => NOW;
const DUE_SHARDS = 4;

beforeAll(async () => {
  emulated = await createEmulatedTables(clock);
});
afterAll(() => emulated.delete());

function environment() {
  const { dynamo: client, tables, keys } = emulated;
  const secrets = createOwnerSecrets({ dynamo: client, table: tables.secrets, clock });
  const cipher = createFieldCipher({ keys, secrets, clock });
  return createRecordStore({ client, tables, cipher, clock, shards: { due: DUE_SHARDS, outcome: 2 } });
}

eraseStoreContract('DynamoDB erase store', async () => {
  const { dynamo: client, tables } = emulated;
  return {
    erasing: createEraseStore({ client, tables, dueShards: DUE_SHARDS }),
    schedules: environment(),
    fresh: () => {
      const store = environment();
      return { records: store, schedules: store };
    },
    dueBuckets: createDueBuckets({ client, table: tables.records, shards: DUE_SHARDS }),
  };
});

subjectTrailContract('DynamoDB trail', async () => {
  const { dynamo: client, tables } = emulated;
  return {
    audit: createAuditLog({ client, table: tables.audit }),
    trail: createSubjectTrail({ client, table: tables.audit, clock }),
  };
});

describe('the hashes under which the trail knows a user', () => {
  it('are those of the key in use and of every retired one', async () => {
    const { dynamo, kms, kmsKeyId, tables } = emulated;
    const ring = () => createKeyRing({ dynamo, kms, kmsKeyId, table: tables.jobs, clock });
    const [current] = await loadSubjects(ring())('u');
    expect(current).toBe((await loadRefs(ring())).user('u'));
    for (const number of [1, 2]) {
      const { CiphertextBlob } = await kms.send(
        new GenerateDataKeyWithoutPlaintextCommand({
          KeyId: kmsKeyId,
          KeySpec: 'AES_256',
          EncryptionContext: { purpose: 'hash' },
        }),
      );
      if (!CiphertextBlob) throw new Error('KMS made no key.');
      const Item = { ...keyOf(retiredHashKeyKey(number)), wrapped: { B: CiphertextBlob } };
      await dynamo.send(new PutItemCommand({ TableName: tables.jobs, Item }));
    }
    const all = await loadSubjects(ring())('u');
    expect(all[0]).toBe(current);
    expect(new Set(all).size).toBe(3);
  });
});

import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuditLog } from '#shared/adapters/audit-log.ts';
import { createAuditPages } from '#shared/adapters/audit-pages.ts';
import { createPseudonymize, createPseudonymsOf } from '#shared/adapters/audit-pseudonyms.ts';
import { createAuditTrail } from '#shared/adapters/audit-trail.ts';
import { keyOf } from '#shared/adapters/batch-get.ts';
import { auditKeyKey } from '#shared/adapters/item-keys.ts';
import { createJobStore } from '#shared/adapters/job-store.ts';
import { createKeyRing } from '#shared/adapters/key-ring.ts';
import { loadRefs } from '#shared/adapters/refs.ts';
import { createSubjectTrail } from '#shared/adapters/subject-trail.ts';
import { CHAIN_START, chainedEntry } from '#shared/evidence/audit-chain.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { pseudonymsContract } from './pseudonyms-contract.ts';
import { NOW, sampleJob } from './sample-jobs.ts';

let now = NOW;
const clock = () => now;

let emulated: EmulatedTables;
beforeAll(async () => {
  emulated = await createEmulatedTables(clock);
});
afterAll(() => emulated.delete());

/** A ring as a new environment has it. */
const ring = () => {
  const { dynamo, kms, kmsKeyId, tables } = emulated;
  return createKeyRing({ dynamo, kms, kmsKeyId, table: tables.jobs, clock });
};

pseudonymsContract('DynamoDB and KMS', async () => {
  const { dynamo: client, tables, cipher } = emulated;
  const options = { client, table: tables.audit };
  return {
    refs: await loadRefs(ring()),
    before: createAuditLog({ ...options, pseudonymize: async (entry) => entry }),
    start: () => {
      const keys = ring();
      const pseudonymize = createPseudonymize(keys);
      return {
        pseudonymsOf: createPseudonymsOf(keys),
        audit: createAuditLog({ ...options, pseudonymize }),
        store: createJobStore({
          client,
          tables,
          cipher,
          pseudonymize,
          clock,
          shards: { watch: 1, outcome: 1 },
        }),
      };
    },
    trail: createSubjectTrail({ ...options, clock: () => NOW }),
    pages: createAuditPages(options),
    hours: createAuditTrail(options),
    setTime: (to) => {
      now = to;
    },
  };
});

test('environments that start at the same moment of a new year agree on its key', async () => {
  const keys = await Promise.all(Array.from({ length: 5 }, () => ring().auditKey('2044')));
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
});

test('KMS unwraps a year’s key for its own purpose and year only; the row goes when nothing under it can stand', async () => {
  const key = await ring().auditKey('2045');
  const { dynamo, kms, kmsKeyId, tables } = emulated;
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: tables.jobs, Key: keyOf(auditKeyKey('2045')) }),
  );
  const unwrap = (EncryptionContext: Record<string, string>) =>
    kms.send(
      new DecryptCommand({ KeyId: kmsKeyId, CiphertextBlob: Item?.['wrapped']?.B, EncryptionContext }),
    );
  await expect(unwrap({ purpose: 'audit-hash', year: '2045' })).resolves.toMatchObject({ Plaintext: key });
  for (const context of [{ purpose: 'hash' }, { purpose: 'audit-hash', year: '2046' }])
    await expect(unwrap(context)).rejects.toThrow();
  expect(Item?.['ttl']?.N).toBe(String(Date.parse('2046-01-01') / 1000 + 2_222 * 86_400));
});

test('a job whose first answer was lost is known as accepted, in the next year, too', async () => {
  const { dynamo: client, tables, cipher } = emulated;
  const refs = await loadRefs(ring());
  const job = sampleJob({ createdAt: '2030-12-31T23:59:59.999Z' });
  const actor = { ref: refs.actor('nurse'), role: 'clinician' };
  const { hash: _hash, seq: _seq, prevHash: _prev, v: _v, entryId, ...draft } = job.audit;
  const { entry, head } = chainedEntry({ ...draft, actor }, entryId, CHAIN_START);
  const named = { ...job, row: { ...job.row, ...head }, audit: entry };
  for (const at of [draft.at, '2031-01-01T00:00:00.000Z']) {
    now = at;
    const pseudonymize = createPseudonymize(ring());
    const shards = { watch: 1, outcome: 1 };
    const store = createJobStore({ client, tables, cipher, pseudonymize, clock, shards });
    expect(await store.accept(named)).toEqual({ accepted: true });
  }
});

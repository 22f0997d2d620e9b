import { afterAll, beforeAll } from 'vitest';
import { createAuditLog } from '#shared/adapters/audit-log.ts';
import { createDueBuckets } from '#shared/adapters/due-buckets.ts';
import { createEraseStore } from '#shared/adapters/erase-store.ts';
import { createFieldCipher } from '#shared/adapters/field-cipher.ts';
import { createOwnerSecrets } from '#shared/adapters/owner-secrets.ts';
import { createRecordStore } from '#shared/adapters/record-store.ts';
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
  const { dynamo: client, tables, pseudonymize, keys } = emulated;
  const secrets = createOwnerSecrets({ dynamo: client, table: tables.secrets, clock });
  const cipher = createFieldCipher({ keys, secrets, clock });
  return createRecordStore({
    client,
    tables,
    cipher,
    pseudonymize,
    clock,
    shards: { due: DUE_SHARDS, outcome: 2 },
  });
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
  const { dynamo: client, tables, pseudonymize } = emulated;
  return {
    audit: createAuditLog({ client, table: tables.audit, pseudonymize }),
    trail: createSubjectTrail({ client, table: tables.audit, clock }),
  };
});

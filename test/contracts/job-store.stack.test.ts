import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { createAuditLog } from '#shared/adapters/audit-log.ts';
import { s3Client } from '#shared/adapters/clients.ts';
import { createJobStore } from '#shared/adapters/job-store.ts';
import { createLargeObjects } from '#shared/adapters/large-objects.ts';
import { createOutcomeReader } from '#shared/adapters/outcome-reader.ts';
import { createRecordStore } from '#shared/adapters/record-store.ts';
import { createEmulatedTables, type EmulatedTables, emulatedEnvironment } from './emulated-tables.ts';
import { jobStoreContract } from './job-store-contract.ts';
import { NOW, unique } from './sample-jobs.ts';

let emulated: EmulatedTables;
const bucket = unique('results');
const clock = () => NOW;

beforeAll(async () => {
  emulated = await createEmulatedTables(clock);
  await s3Client({ environment: emulatedEnvironment() }).send(new CreateBucketCommand({ Bucket: bucket }));
});
afterAll(() => emulated.delete());

jobStoreContract(
  'DynamoDB job store',
  async () => {
    const { dynamo: client, tables, pseudonymize, cipher } = emulated;
    const largeResults = createLargeObjects(s3Client({ environment: emulatedEnvironment() }), bucket);
    const shards = { watch: 3, outcome: 2, due: 4 };
    return {
      store: createJobStore({ client, tables, cipher, pseudonymize, clock, shards, largeResults }),
      audit: createAuditLog({ client, table: tables.audit, pseudonymize }),
      records: createRecordStore({ client, tables, cipher, pseudonymize, clock, shards }),
      outcomes: createOutcomeReader({
        client,
        table: tables.jobs,
        cipher,
        outcomeShards: shards.outcome,
        clock,
      }),
    };
  },
  80,
);

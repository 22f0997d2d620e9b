import { afterAll, beforeAll } from 'vitest';
import { createAuditLog } from '#shared/adapters/audit-log.ts';
import { createDueBuckets } from '#shared/adapters/due-buckets.ts';
import { createJobStore } from '#shared/adapters/job-store.ts';
import { createRecordStore } from '#shared/adapters/record-store.ts';
import { auditLogContract } from './audit-log-contract.ts';
import { dueBucketsContract } from './due-buckets-contract.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { recordReaderContract } from './record-reader-contract.ts';
import { NOW } from './sample-jobs.ts';
import { scheduleStoreContract } from './schedule-store-contract.ts';

let emulated: EmulatedTables;
const clock = () => NOW;

beforeAll(async () => {
  emulated = await createEmulatedTables(clock);
});
afterAll(() => emulated.delete());

const make = async () => {
  const { dynamo: client, tables, pseudonymize, cipher } = emulated;
  const shards = { watch: 3, outcome: 2, due: 4 };
  const store = createRecordStore({ client, tables, cipher, pseudonymize, clock, shards });
  return {
    records: store,
    schedules: store,
    dueBuckets: createDueBuckets({ client, table: tables.records, shards: shards.due }),
    store: createJobStore({ client, tables, cipher, pseudonymize, clock, shards }),
    audit: createAuditLog({ client, table: tables.audit, pseudonymize }),
  };
};

recordReaderContract('DynamoDB', make);
scheduleStoreContract('DynamoDB', make);
dueBucketsContract('DynamoDB', make);
auditLogContract('DynamoDB', make);

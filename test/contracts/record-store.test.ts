import {
  createInMemoryAudit,
  createInMemoryDueBuckets,
  createInMemoryRecords,
  createInMemorySchedules,
  createInMemoryStore,
} from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { auditLogContract } from './audit-log-contract.ts';
import { dueBucketsContract } from './due-buckets-contract.ts';
import { recordReaderContract } from './record-reader-contract.ts';
import { scheduleStoreContract } from './schedule-store-contract.ts';

const make = async () => {
  const database = new MemoryDatabase();
  return {
    records: createInMemoryRecords(database),
    schedules: createInMemorySchedules(database),
    dueBuckets: createInMemoryDueBuckets(database),
    store: createInMemoryStore(database),
    audit: createInMemoryAudit(database),
  };
};

recordReaderContract('in memory', make);
scheduleStoreContract('in memory', make);
dueBucketsContract('in memory', make);
auditLogContract('in memory', make);

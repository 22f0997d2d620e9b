import {
  createInMemoryAudit,
  createInMemoryDueBuckets,
  createInMemoryRecords,
  createInMemorySchedules,
  createInMemoryStore,
} from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { auditLogContract } from './audit-log-contract.ts';
import { recordStoreContract } from './record-store-contract.ts';

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

recordStoreContract('in-memory record store', make);
auditLogContract('in-memory', make);

import {
  createInMemoryAudit,
  createInMemoryOutcomes,
  createInMemoryRecords,
  createInMemoryStore,
} from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { jobStoreContract } from './job-store-contract.ts';

jobStoreContract('in-memory job store', async () => {
  const database = new MemoryDatabase();
  return {
    store: createInMemoryStore(database),
    audit: createInMemoryAudit(database),
    records: createInMemoryRecords(database),
    outcomes: createInMemoryOutcomes(database),
  };
});

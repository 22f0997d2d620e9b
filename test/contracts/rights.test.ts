import { createInMemoryErasing, createInMemorySubjectTrail } from '#test/fakes/in-memory-rights.ts';
import {
  createInMemoryAudit,
  createInMemoryDueBuckets,
  createInMemoryRecords,
  createInMemorySchedules,
} from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { eraseStoreContract } from './erase-store-contract.ts';
import { subjectTrailContract } from './subject-trail-contract.ts';

eraseStoreContract('in-memory erase store', async () => {
  const db = new MemoryDatabase();
  const ports = () => ({ records: createInMemoryRecords(db), schedules: createInMemorySchedules(db) });
  return {
    erasing: createInMemoryErasing(db),
    schedules: createInMemorySchedules(db),
    fresh: ports,
    dueBuckets: createInMemoryDueBuckets(db),
  };
});

subjectTrailContract('in-memory trail', async () => {
  const db = new MemoryDatabase();
  return { audit: createInMemoryAudit(db), trail: createInMemorySubjectTrail(db) };
});

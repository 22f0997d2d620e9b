import { createInMemoryLatestBackup } from '#test/fakes/in-memory-archive.ts';
import { createInMemorySchedules } from '#test/fakes/in-memory-store.ts';
import { restoredTables } from '#test/fakes/live-tables.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { latestBackupContract } from './latest-backup-contract.ts';
import { restoreTargetContract } from './restore-target-contract.ts';

latestBackupContract('in memory', async () => {
  const database = new MemoryDatabase();
  return {
    latestBackup: createInMemoryLatestBackup(database),
    schedules: createInMemorySchedules(database),
  };
});
restoreTargetContract('in memory', async () => restoredTables());

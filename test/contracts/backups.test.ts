import { createInMemoryArchive, createInMemoryLatestBackup } from '#test/fakes/in-memory-archive.ts';
import { createInMemoryDrill, createInMemoryDrillTables } from '#test/fakes/in-memory-drill.ts';
import { createInMemorySchedules } from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { restoredTables } from '#test/fakes/restored-tables.ts';
import { drillTablesContract } from './drill-tables-contract.ts';
import { latestBackupContract } from './latest-backup-contract.ts';
import { restoreDrillContract } from './restore-drill-contract.ts';
import { restoreTargetContract } from './restore-target-contract.ts';

latestBackupContract('in memory', async () => {
  const database = new MemoryDatabase();
  return {
    latestBackup: createInMemoryLatestBackup(database),
    schedules: createInMemorySchedules(database),
  };
});
drillTablesContract('in memory', async () => createInMemoryDrillTables());
restoreDrillContract('in memory', async () =>
  createInMemoryDrill(createInMemoryArchive(), () => '2031-05-06T08:00:00.000Z'),
);
restoreTargetContract('in memory', async () => restoredTables());

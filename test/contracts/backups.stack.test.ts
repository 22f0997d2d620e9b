import { afterAll, beforeAll } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { createDrillTables } from '#shared/adapters/drill-tables.ts';
import { createLatestBackup } from '#shared/adapters/latest-backup.ts';
import { createRecordStore } from '#shared/adapters/record-store.ts';
import { createRestoreDrill } from '#shared/adapters/restore-drill.ts';
import { createRestoreTarget } from '#shared/adapters/restore-target.ts';
import { drillTablesContract } from './drill-tables-contract.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { latestBackupContract } from './latest-backup-contract.ts';
import { restoreDrillContract } from './restore-drill-contract.ts';
import { restoreTargetContract } from './restore-target-contract.ts';
import { NOW } from './sample-jobs.ts';

let emulated: EmulatedTables;
let empty: EmulatedTables;
let emptied: EmulatedTables;
const clock = () => NOW;
const stack = useStack();

beforeAll(async () => {
  emulated = await createEmulatedTables(clock);
  empty = await createEmulatedTables(clock);
  emptied = await createEmulatedTables(clock);
});
afterAll(async () => {
  await emulated.delete();
  await empty.delete();
  await emptied.delete();
});

latestBackupContract('DynamoDB', async () => {
  const { dynamo: client, tables, pseudonymize, cipher } = emulated;
  return {
    latestBackup: createLatestBackup(client, tables.records),
    schedules: createRecordStore({
      client,
      pseudonymize,
      tables,
      cipher,
      clock,
      shards: { watch: 3, outcome: 2, due: 4 },
    }),
  };
});
drillTablesContract('DynamoDB', async () =>
  createDrillTables({
    client: emptied.dynamo,
    tables: { jobs: emptied.tables.jobs, records: emptied.tables.records },
    clock,
  }),
);
restoreDrillContract('Lambda', async () =>
  createRestoreDrill(stack.clients.lambda, stack.stack.functions['restore-drill'] ?? ''),
);
restoreTargetContract('DynamoDB', async () => createRestoreTarget(empty.dynamo, empty.tables));

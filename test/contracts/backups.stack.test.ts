import { afterAll, beforeAll } from 'vitest';
import { createLatestBackup } from '#shared/adapters/latest-backup.ts';
import { createRecordStore } from '#shared/adapters/record-store.ts';
import { createRestoreTarget } from '#shared/adapters/restore-target.ts';
import { createEmulatedTables, type EmulatedTables } from './emulated-tables.ts';
import { latestBackupContract } from './latest-backup-contract.ts';
import { restoreTargetContract } from './restore-target-contract.ts';
import { NOW } from './sample-jobs.ts';

let emulated: EmulatedTables;
let empty: EmulatedTables;
const clock = () => NOW;

beforeAll(async () => {
  emulated = await createEmulatedTables(clock);
  empty = await createEmulatedTables(clock);
});
afterAll(async () => {
  await emulated.delete();
  await empty.delete();
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
restoreTargetContract('DynamoDB', async () => createRestoreTarget(empty.dynamo, empty.tables));

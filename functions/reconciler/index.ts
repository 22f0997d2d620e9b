import { runHandler } from '#functions/queue/run-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { overdueReviews } from '#functions/runtime/break-glass-parts.ts';
import { channelState } from '#functions/runtime/channel-parts.ts';
import { closedFields, database } from '#functions/runtime/closed-fields.ts';
import { bulkActions, jobQueue, jobStore, openJobSettingsOf } from '#functions/runtime/job-parts.ts';
import { priorityPauses, workerIntake } from '#functions/runtime/pause-parts.ts';
import { kmsClient } from '#shared/adapters/clients.ts';
import { createKeyStates, readKeys } from '#shared/adapters/key-states.ts';
import { createLatestBackup } from '#shared/adapters/latest-backup.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { reconciler } from './handler.ts';

const base = createBase('reconciler', process.env);
const tables = database(base);

export const handler = runHandler(
  base,
  reconciler({
    ...base,
    store: jobStore(base, tables, closedFields),
    queue: jobQueue(base),
    bulkActions: bulkActions(base, tables),
    kinds: kindsByName(),
    settings: openJobSettingsOf(base),
    pauses: priorityPauses(base, tables),
    intake: workerIntake(base),
    channels: channelState(base),
    overdueReviews: overdueReviews(base, tables),
    keyStates: createKeyStates(kmsClient(base.clients), readKeys(base.variable('KEYS'))),
    latestBackup: createLatestBackup(tables.dynamo, base.variable('RECORDS_TABLE')),
  }),
);

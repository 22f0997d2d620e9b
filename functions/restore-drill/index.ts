import { runHandler } from '#functions/queue/run-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { timingOf } from '#functions/runtime/job-parts.ts';
import { createArchiveReader } from '#shared/adapters/archive-objects.ts';
import { dynamoClient, kmsClient, s3Client } from '#shared/adapters/clients.ts';
import { createDrillTables } from '#shared/adapters/drill-tables.ts';
import { publicKeyOf } from '#shared/adapters/public-key.ts';
import { PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import { drillSeconds } from '#shared/jobs/archive/drill-run.ts';
import { restoreDrill } from './handler.ts';

const base = createBase('restore-drill', process.env);
const kms = kmsClient(base.clients);

export const handler = runHandler(
  base,
  restoreDrill({
    ...base,
    archive: createArchiveReader(s3Client(base.clients), base.variable('BACKUP_BUCKET')),
    tables: createDrillTables({
      client: dynamoClient(base.clients),
      tables: { jobs: base.variable('DRILL_JOBS_TABLE'), records: base.variable('DRILL_RECORDS_TABLE') },
      clock: base.clock,
    }),
    publicKey: () => publicKeyOf(kms, base.variable('BACKUP_KEY_ARN')),
    keyNames: [PARTITION_KEY, SORT_KEY],
    stepSeconds: drillSeconds(timingOf(base).LOW.workerTimeoutSeconds).step,
  }),
);

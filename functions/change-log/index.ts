import { runHandler } from '#functions/queue/run-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { createArchiveReader, createArchiveWriter } from '#shared/adapters/archive-objects.ts';
import { s3Client } from '#shared/adapters/clients.ts';
import { changeLog } from './handler.ts';

const base = createBase('change-log', process.env);
const tables = new Map([
  [base.variable('JOBS_TABLE'), 'jobs'],
  [base.variable('RECORDS_TABLE'), 'records'],
]);
const s3 = s3Client(base.clients);
const archive = createArchiveWriter(s3, base.variable('BACKUP_BUCKET'));
const results = createArchiveReader(s3, base.variable('RESULTS_BUCKET'));

export const handler = runHandler(base, changeLog({ ...base, archive, results, tables }));

import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { dropMalformed, logThrown } from '#functions/queue/drop-malformed.ts';
import { readJobMessage } from '#functions/queue/read-job-message.ts';
import { type RecordEnd, settleBatch } from '#functions/queue/settle-batch.ts';
import { buryDeadLetter } from '#shared/operations/bury-dead-letter.ts';
import { logAbout, logWithFields } from '#shared/operations/log-with-fields.ts';

export type DeadLetterDeps = Parameters<typeof buryDeadLetter>[0];

/** Decides about each message of a dead-letter queue; afterwards the queue is done with it. */
export const deadLetter =
  (deps: DeadLetterDeps) =>
  (event: SQSEvent): Promise<SQSBatchResponse> =>
    settleBatch(event, (record) => settle(deps, record), logThrown(deps));

async function settle(deps: DeadLetterDeps, record: SQSRecord): Promise<RecordEnd> {
  const message = readJobMessage(record.body);
  if (!message) return dropMalformed(deps, record);
  const { jobId, kind, priority, generation } = message;
  let log = logWithFields(deps.log, { job_id: jobId, kind, priority, generation });
  try {
    await buryDeadLetter({ ...deps, log }, message, (row) => {
      log = logAbout(log, row);
    });
  } catch (error) {
    logThrown({ ...deps, log })(record, error);
    return 'keep';
  }
  return 'delete';
}

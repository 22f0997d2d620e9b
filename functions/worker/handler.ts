import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { dropMalformed, logThrown } from '#functions/queue/drop-malformed.ts';
import { readJobMessage } from '#functions/queue/read-job-message.ts';
import { type RecordEnd, settleBatch } from '#functions/queue/settle-batch.ts';
import { errorFields } from '#shared/errors/error-fields.ts';
import { logAbout, logWithFields } from '#shared/operations/log-with-fields.ts';
import type { MessageLease } from '#shared/operations/ports.ts';
import { type AttemptDeps, type AttemptEnd, runAttempt } from '#shared/operations/run-attempt.ts';

export type WorkerDeps = AttemptDeps & { readonly lease: MessageLease };

/** One attempt for each message of a priority's queue. */
export const worker =
  (deps: WorkerDeps) =>
  (event: SQSEvent): Promise<SQSBatchResponse> =>
    settleBatch(event, (record) => settle(deps, record), logThrown(deps));

async function settle(deps: WorkerDeps, record: SQSRecord): Promise<RecordEnd> {
  const message = readJobMessage(record.body);
  if (!message) return dropMalformed(deps, record);
  const { jobId, kind, priority, generation } = message;
  let log = logWithFields(deps.log, { job_id: jobId, kind, priority, generation });
  let end: AttemptEnd;
  try {
    end = await runAttempt({ ...deps, log }, message, (row) => {
      log = logAbout(log, row);
    });
  } catch (error) {
    logThrown({ ...deps, log })(record, error);
    return 'keep';
  }
  if (end.message === 'delete') return 'delete';
  try {
    await deps.lease.setVisibility(record.receiptHandle, end.visibilitySeconds);
  } catch (error) {
    // The attempt is recorded; only the moment of the next receive is not the one that was asked for.
    log.warn('message.visibility_not_set', {
      delay_seconds: end.visibilitySeconds,
      ...errorFields(error),
    });
  }
  return 'keep';
}

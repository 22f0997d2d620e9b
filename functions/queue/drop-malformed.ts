import type { SQSRecord } from 'aws-lambda';
import { METRICS } from '#shared/contract/metrics.ts';
import { errorFields } from '#shared/errors/error-fields.ts';
import type { Engine } from '#shared/operations/engine.ts';
import type { RecordEnd } from './settle-batch.ts';

/** Records that a message could not be read, and lets it go: no number of receives would make it readable. */
export function dropMalformed(deps: Pick<Engine, 'log' | 'metrics'>, record: SQSRecord): RecordEnd {
  const receives = Number(record.attributes?.ApproximateReceiveCount ?? 1);
  deps.log.error('message.malformed', { count: receives });
  deps.metrics.add(METRICS.malformedMessages, 1, 'Count');
  return 'delete';
}

/** Logs and counts that the work on a record threw; the record is kept, which Lambda does not count as an error. */
export const logThrown =
  (deps: Pick<Engine, 'log' | 'metrics'>) =>
  (_record: SQSRecord, error: unknown): void => {
    deps.log.error('message.failed', errorFields(error));
    deps.metrics.add(METRICS.runFailures, 1, 'Count');
  };

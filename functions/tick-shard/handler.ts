import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { dropMalformed, logThrown } from '#functions/queue/drop-malformed.ts';
import { fieldsOf } from '#functions/queue/read-job-message.ts';
import { type RecordEnd, settleBatch } from '#functions/queue/settle-batch.ts';
import { tickShard } from '#shared/operations/tick-shard.ts';

export type TickShardDeps = Parameters<typeof tickShard>[0];

/** Works through the due schedules of the shard that each message names. */
export const tickShards =
  (deps: TickShardDeps) =>
  (event: SQSEvent): Promise<SQSBatchResponse> =>
    settleBatch(event, (record) => settle(deps, record), logThrown(deps));

async function settle(deps: TickShardDeps, record: SQSRecord): Promise<RecordEnd> {
  const { v, shard } = fieldsOf(record.body);
  if (v !== 1 || typeof shard !== 'number' || !Number.isSafeInteger(shard) || shard < 0)
    return dropMalformed(deps, record);
  await tickShard(deps, shard);
  return 'delete';
}

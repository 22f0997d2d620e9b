import type { SQSClient } from '@aws-sdk/client-sqs';
import type { TickMessage } from '../contract/functions.ts';
import { RetryableError } from '../errors/attempt-error.ts';
import type { TickQueue } from '../operations/ports.ts';
import { sendBatch } from './send-batch.ts';

/** Starts the tick's shard workers, one message each. */
export function createTickQueue(client: SQSClient, queueUrl: string): TickQueue {
  return {
    start: async (shards) => {
      const messages = Array.from({ length: shards }, (_, shard) => {
        const message: TickMessage = { v: 1, shard };
        return { MessageBody: JSON.stringify(message) };
      });
      const lost = await sendBatch(client, queueUrl, messages);
      if (lost.length > 0)
        throw new RetryableError('dependency_unavailable', `${lost.length} shard workers were not started.`);
    },
  };
}

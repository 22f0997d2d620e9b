import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Priority } from '../lifecycle/priority.ts';
import type { HasRoom } from '../operations/ports.ts';
import { createExpiringCache } from './expiring-cache.ts';
import { callAws } from './sdk-errors.ts';

export interface QueueRoomOptions {
  readonly client: SQSClient;
  readonly queueUrls: Readonly<Record<Priority, string>>;
  /** Jobs of one priority that wait, are worked on or are delayed. */
  readonly limit: number;
  readonly ageMs?: () => number;
}

const KEEP_MS = 10_000;

const COUNTED = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** Asks each queue at most once in 10 s. One that cannot be asked refuses nobody: a job stands by its row alone. */
export function createQueueRoom({ client, queueUrls, limit, ageMs }: QueueRoomOptions): HasRoom {
  const rooms = createExpiringCache<boolean>(Object.keys(queueUrls).length, KEEP_MS, ageMs);
  const ask = async (priority: Priority): Promise<boolean> => {
    const command = new GetQueueAttributesCommand({
      QueueUrl: queueUrls[priority],
      AttributeNames: [...COUNTED],
    });
    const { Attributes } = await callAws('SQS GetQueueAttributes', () => client.send(command));
    return COUNTED.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0) < limit;
  };
  return (priority) => rooms.get(priority, () => ask(priority)).catch(() => true);
}

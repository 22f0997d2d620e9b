import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { PRIORITY_NAMES, type Priority } from '../lifecycle/priority.ts';
import type { JobQueue, QueuedMessage } from '../operations/ports.ts';
import { createExpiringCache } from './expiring-cache.ts';
import { callAws } from './sdk-errors.ts';
import { type BatchMessage, sendBatch } from './send-batch.ts';

export interface JobQueueOptions {
  readonly client: SQSClient;
  readonly queueUrls: Readonly<Record<Priority, string>>;
  readonly ageMs?: () => number;
}

/** The longest delay that SQS knows. */
const LONGEST_DELAY_SECONDS = 900;
const KEEP_BACKLOG_MS = 10_000;

/** The four standard queues. A message carries ids only; its group is a keyed hash, by which SQS shares out fairly. */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  const { client, queueUrls } = options;
  const backlogs = createExpiringCache<boolean>(PRIORITY_NAMES.length, KEEP_BACKLOG_MS, options.ageMs);

  return {
    send: async (message, { delaySeconds = 0, groupRef } = {}) => {
      const command = new SendMessageCommand({
        QueueUrl: queueUrls[message.priority],
        ...bodyOf({ message, delaySeconds, ...(groupRef !== undefined && { groupRef }) }),
      });
      await callAws('SQS SendMessage', () => client.send(command));
    },

    sendMany: async (messages) => {
      const lost = await Promise.all(
        PRIORITY_NAMES.map(async (priority) => {
          const own = messages.filter(({ message }) => message.priority === priority);
          const positions = new Set(await sendBatch(client, queueUrls[priority], own.map(bodyOf)));
          return own.filter((_, position) => positions.has(position));
        }),
      );
      return lost.flat();
    },

    hasBacklog: (priority) =>
      backlogs.get(priority, async () => {
        const command = new GetQueueAttributesCommand({
          QueueUrl: queueUrls[priority],
          AttributeNames: ['ApproximateNumberOfMessages'],
        });
        const { Attributes } = await callAws('SQS GetQueueAttributes', () => client.send(command));
        return Number(Attributes?.ApproximateNumberOfMessages ?? 0) > 0;
      }),
  };
}

function bodyOf({ message, delaySeconds, groupRef }: QueuedMessage): BatchMessage {
  if (delaySeconds > LONGEST_DELAY_SECONDS)
    throw new RangeError(
      `SQS delays a message by at most ${LONGEST_DELAY_SECONDS} s, not ${delaySeconds} s.`,
    );
  return {
    MessageBody: JSON.stringify(message),
    DelaySeconds: Math.max(0, Math.ceil(delaySeconds)),
    ...(groupRef !== undefined && { MessageGroupId: groupRef }),
  };
}

import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { MessageLease } from '../operations/ports.ts';
import { callAws } from './sdk-errors.ts';

/**
 * SQS holds a message for twelve hours at most, counted from its receive, and refuses a longer hold instead of cutting
 * it. What a receiver has used of them is no more than a function's longest time, a quarter of an hour.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
const LONGEST_SECONDS = 43_200 - 900;

/** The hold on messages of one queue. */
export const createMessageLease = (client: SQSClient, queueUrl: string): MessageLease => ({
  setVisibility: async (receiptHandle, seconds) => {
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: receiptHandle,
      // Rounded up: a message that comes back early would only be put back once more.
      VisibilityTimeout: Math.min(Math.max(Math.ceil(seconds), 0), LONGEST_SECONDS),
    });
    await callAws('SQS ChangeMessageVisibility', () => client.send(command));
  },
});

import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { MessageLease } from '../operations/ports.ts';
import { callAws } from './sdk-errors.ts';

/** SQS's own limit: twelve hours. */
const LONGEST_SECONDS = 43_200;

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

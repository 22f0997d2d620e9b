import type { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { scriptedClient } from '#test/contracts/scripted-aws.ts';
import { createMessageLease } from './message-lease.ts';

test.each([
  { seconds: 0, asked: 0 },
  { seconds: -3, asked: 0 },
  { seconds: 0.2, asked: 1 },
  { seconds: 599.01, asked: 600 },
  // Twelve hours from the receive, less the time that a worker may have had the message by now.
  { seconds: 43_200, asked: 42_300 },
])('a lease of $seconds s is asked for as $asked s', async ({ seconds, asked }) => {
  const { client, calls } = scriptedClient<SQSClient>(() => ({}));
  await createMessageLease(client, 'q/high').setVisibility('handle', seconds);
  expect(calls).toMatchObject([
    {
      name: 'ChangeMessageVisibility',
      input: { QueueUrl: 'q/high', ReceiptHandle: 'handle', VisibilityTimeout: asked },
    },
  ]);
});

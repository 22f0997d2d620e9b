import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { LAPTOP_REGION } from '../emulator/emulator-environment.ts';
import type { LaptopClients } from '../laptop-clients.ts';
import type { StackFolder } from '../stack-folder.ts';

const QUEUE_NAME = 'laptop-inbox';

/** One message as the topic's subscribers get it. */
export interface InboxMessage {
  readonly receivedAt: string;
  readonly message: unknown;
}

/** Subscribes a queue of the laptop's own to the topic. @returns the queue's URL */
export async function subscribeInbox({ sns, sqs }: LaptopClients, topicArn: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE_NAME }));
  const Endpoint = `arn:aws:sqs:${LAPTOP_REGION}:000000000000:${QUEUE_NAME}`;
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint, Attributes }));
  return QueueUrl;
}

const inboxFile = (folder: StackFolder): string => join(folder.root, 'inbox.jsonl');

/** Every message published since the stack was started or reset, oldest first. */
export function readInbox(folder: StackFolder): InboxMessage[] {
  const file = inboxFile(folder);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export const clearInbox = (folder: StackFolder): void => rmSync(inboxFile(folder), { force: true });

/** Moves what has arrived from the queue to the inbox. */
export async function collectInbox(
  { sqs }: LaptopClients,
  folder: StackFolder,
  queueUrl: string,
): Promise<void> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return;
    const receivedAt = new Date().toISOString();
    for (const { Body = '' } of Messages)
      appendFileSync(inboxFile(folder), `${JSON.stringify({ receivedAt, message: jsonOr(Body) })}\n`);
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
  }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

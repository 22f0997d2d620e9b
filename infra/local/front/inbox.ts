import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { LAPTOP_REGION } from '../emulator/emulator-environment.ts';
import type { LaptopClients } from '../laptop-clients.ts';
import type { StackFolder } from '../stack-folder.ts';

/** Where messages are published. */
export type Channel = 'topic' | 'bus';

/** Queues of the laptop's own, one for each channel, and the file to which what arrived there is moved. */
const INBOXES = {
  topic: { queue: 'laptop-inbox', file: 'inbox.jsonl' },
  bus: { queue: 'laptop-bus-inbox', file: 'bus.jsonl' },
} as const satisfies Record<Channel, object>;

/** One message as subscribers get it. */
export interface InboxMessage {
  readonly receivedAt: string;
  /** Of the topic its message, of the bus the event around it. */
  readonly message: unknown;
  /** What subscriptions of the topic filter by. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export type InboxQueues = Readonly<Record<Channel, string>>;

/** Subscribes queues of the laptop's own to the topic and to the bus. @returns their URLs */
export async function subscribeInbox(
  { sns, sqs, events }: LaptopClients,
  topicArn: string,
  bus: string,
): Promise<InboxQueues> {
  const make = async (QueueName: string) =>
    (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
  const urls = { topic: await make(INBOXES.topic.queue), bus: await make(INBOXES.bus.queue) };
  const Attributes = { RawMessageDelivery: 'true' };
  const Endpoint = arnOf(INBOXES.topic.queue);
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint, Attributes }));
  // Every event of this account is what a bus of our own gets, and nothing else.
  const rule = { EventBusName: bus, Name: INBOXES.bus.queue };
  await events.send(
    new PutRuleCommand({ ...rule, EventPattern: JSON.stringify({ account: [LAPTOP_ACCOUNT] }) }),
  );
  await events.send(
    new PutTargetsCommand({
      EventBusName: bus,
      Rule: rule.Name,
      Targets: [{ Id: 'inbox', Arn: arnOf(INBOXES.bus.queue) }],
    }),
  );
  return urls;
}

const LAPTOP_ACCOUNT = '000000000000';
const arnOf = (queue: string): string => `arn:aws:sqs:${LAPTOP_REGION}:${LAPTOP_ACCOUNT}:${queue}`;

const inboxFile = (folder: StackFolder, channel: Channel): string => join(folder.root, INBOXES[channel].file);

/** Every message published since the stack was started or reset, oldest first. */
export function readInbox(folder: StackFolder, channel: Channel = 'topic'): InboxMessage[] {
  const file = inboxFile(folder, channel);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export function clearInbox(folder: StackFolder): void {
  for (const channel of CHANNELS) rmSync(inboxFile(folder, channel), { force: true });
}

export const CHANNELS: readonly Channel[] = ['topic', 'bus'];

/** Moves what has arrived from the queues to the inbox. */
export async function collectInbox(
  clients: LaptopClients,
  folder: StackFolder,
  queues: InboxQueues,
): Promise<void> {
  await Promise.all(CHANNELS.map((channel) => collect(clients, inboxFile(folder, channel), queues[channel])));
}

async function collect({ sqs }: LaptopClients, file: string, QueueUrl: string): Promise<void> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return;
    const receivedAt = new Date().toISOString();
    for (const message of Messages)
      appendFileSync(file, `${JSON.stringify({ receivedAt, ...received(message) })}\n`);
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
  }
}

function received({ Body = '', MessageAttributes }: Message): Omit<InboxMessage, 'receivedAt'> {
  const attributes = Object.entries(MessageAttributes ?? {}).map(([name, { StringValue = '' }]) => [
    name,
    StringValue,
  ]);
  return {
    message: jsonOr(Body),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
  };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

import { CreateEventBusCommand } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { archiveContract } from '#test/contracts/archive-contract.ts';
import {
  createEmulatedTables,
  type EmulatedTables,
  emulatedEnvironment,
} from '#test/contracts/emulated-tables.ts';
import { jobQueueContract } from '#test/contracts/job-queue-contract.ts';
import { publisherContract } from '#test/contracts/publisher-contract.ts';
import { NOW, sampleJob, unique } from '#test/contracts/sample-jobs.ts';
import { messageOf } from '../lifecycle/job-row.ts';
import { createArchive } from './archive.ts';
import { eventsClient, s3Client, snsClient, sqsClient } from './clients.ts';
import { createJobQueue } from './job-queue.ts';
import { createJobStore } from './job-store.ts';
import { createMessageLease } from './message-lease.ts';
import { createPublisher } from './publisher.ts';

const settings = { environment: emulatedEnvironment() };
const sqs = sqsClient(settings);

async function newQueue(): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: unique('queue') }));
  return QueueUrl;
}

async function receive(QueueUrl: string) {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['MessageGroupId'],
  });
  return (await sqs.send(command)).Messages ?? [];
}

jobQueueContract('SQS', async () => {
  const url = await newQueue();
  const queueUrls = { CRITICAL: url, HIGH: url, MEDIUM: url, LOW: url };
  return {
    queue: createJobQueue({ client: sqs, queueUrls }),
    visible: async () => (await receive(url)).map(({ Body }) => JSON.parse(Body ?? '')),
  };
});

describe('the job queue', () => {
  async function setUp() {
    const url = await newQueue();
    const queueUrls = { CRITICAL: url, HIGH: url, MEDIUM: url, LOW: url };
    return { url, queue: createJobQueue({ client: sqs, queueUrls, ageMs: () => 0 }) };
  }

  test('takes messages with a group on a standard queue, one by one and in batches', async () => {
    const { url, queue } = await setUp();
    const messages = Array.from({ length: 3 }, () => messageOf(sampleJob().row));
    const [first, ...others] = messages;
    if (!first) throw new Error('Three messages were made.');
    await queue.send(first, { groupRef: 'group-a' });
    expect(
      await queue.sendMany(others.map((message) => ({ message, delaySeconds: 0, groupRef: 'group-a' }))),
    ).toEqual([]);

    const received = await receive(url);

    const bodies = received.map(({ Body }) => JSON.parse(Body ?? ''));
    expect(bodies).toEqual(expect.arrayContaining(messages));
    expect(received.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual(Array(3).fill('group-a'));
  });

  test('lets the holder of a message give it back at once', async () => {
    const { url, queue } = await setUp();
    await queue.send(messageOf(sampleJob().row));
    const [held] = await receive(url);
    expect(await receive(url)).toEqual([]);

    await createMessageLease(sqs, url).setVisibility(held?.ReceiptHandle ?? '', 0);

    expect(await receive(url)).toHaveLength(1);
  });
});

publisherContract('SNS and EventBridge', async () => {
  const sns = snsClient(settings);
  const events = eventsClient(settings);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: unique('topic') }));
  const busName = unique('bus');
  await events.send(new CreateEventBusCommand({ Name: busName }));
  const url = await newQueue();
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  const subscription = { TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn };
  await sns.send(new SubscribeCommand({ ...subscription, Attributes: { RawMessageDelivery: 'true' } }));
  return {
    publisher: createPublisher({ sns, events, topicArn: TopicArn, busName }),
    received: async () => (await receive(url)).map(({ Body }) => JSON.parse(Body ?? '')),
  };
});

describe('the archive', () => {
  let emulated: EmulatedTables;
  const bucket = unique('backups');
  const s3 = s3Client(settings);
  beforeAll(async () => {
    emulated = await createEmulatedTables(() => NOW);
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(() => emulated.delete());
  const archive = () => createArchive({ dynamo: emulated.dynamo, s3, tables: emulated.tables, bucket });

  test('scans each item in exactly one segment, with the wrapped keys and without any secret', async () => {
    const { dynamo: client, tables, cipher, clock } = emulated;
    const store = createJobStore({ client, tables, cipher, clock, shards: { watch: 1 } });
    const jobs = Array.from({ length: 6 }, () => sampleJob());
    for (const job of jobs) await store.accept(job);

    const lines: string[] = [];
    for (let segment = 0; segment < 3; segment += 1)
      for await (const page of archive().scan('jobs', segment, 3)) lines.push(...page);

    const keys = lines.map((line) => {
      const { Item } = JSON.parse(line);
      return `${Item.pk.S}/${Item.sk.S}`;
    });
    const expected = jobs.flatMap(({ row }) => [`JOB#${row.jobId}/ROW`, `JOB#${row.jobId}/PAYLOAD`]);
    expect(keys.toSorted()).toEqual([...expected, `KEY#DAY#${NOW.slice(0, 10)}/ROW`].toSorted());
  });

  test('holds jobs and records only', async () => {
    // All four tables are handed over here.
    expect(archive().tables).toEqual(['jobs', 'records']);
    await expect(async () => {
      for await (const page of archive().scan('secrets', 0, 1)) expect(page).toBeUndefined();
    }).rejects.toThrow('no table secrets');
  });

  archiveContract('DynamoDB and S3', async () => {
    const { dynamo: client, tables, cipher, clock } = emulated;
    const store = createJobStore({ client, tables, cipher, clock, shards: { watch: 1 } });
    for (let count = 0; count < 5; count += 1) await store.accept(sampleJob());
    return {
      archive: archive(),
      lines: 10,
      stored: async (Key) => {
        const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key })).catch(() => undefined);
        return object?.Body?.transformToByteArray();
      },
    };
  });
});

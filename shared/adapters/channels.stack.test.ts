import { createPublicKey } from 'node:crypto';
import { CreateEventBusCommand } from '@aws-sdk/client-eventbridge';
import { CreateKeyCommand, GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { archiveContract } from '#test/contracts/archive-contract.ts';
import { channelStateContract } from '#test/contracts/channel-state-contract.ts';
import {
  createEmulatedTables,
  type EmulatedTables,
  emulatedEnvironment,
} from '#test/contracts/emulated-tables.ts';
import { jobQueueContract, jobQueueOutageContract } from '#test/contracts/job-queue-contract.ts';
import { messageLeaseContract } from '#test/contracts/message-lease-contract.ts';
import { publisherContract } from '#test/contracts/publisher-contract.ts';
import { NOW, sampleJob, unique } from '#test/contracts/sample-jobs.ts';
import { tickQueueContract } from '#test/contracts/tick-queue-contract.ts';
import { readLine } from '../jobs/archive/change-line.ts';
import { itemOfObject, objectOfState } from '../jobs/ports.ts';
import { messageOf } from '../lifecycle/job-row.ts';
import { createArchive } from './archive.ts';
import { createChannelState } from './channel-state.ts';
import { eventsClient, s3Client, snsClient, sqsClient } from './clients.ts';
import { createJobQueue } from './job-queue.ts';
import { createJobStore } from './job-store.ts';
import { createMessageLease } from './message-lease.ts';
import { createPublisher } from './publisher.ts';
import { createResultTarget } from './result-objects.ts';
import { createTickQueue } from './tick-queue.ts';

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

/** Everything that is visible in a queue now, which is then hidden. */
async function receiveAll(url: string) {
  const all: Awaited<ReturnType<typeof receive>> = [];
  for (let some = await receive(url); some.length > 0; some = await receive(url)) all.push(...some);
  return all.map(({ Body }) => JSON.parse(Body ?? ''));
}

jobQueueContract('SQS', async () => {
  const queueUrls = {
    CRITICAL: await newQueue(),
    HIGH: await newQueue(),
    MEDIUM: await newQueue(),
    LOW: await newQueue(),
  };
  return {
    queue: createJobQueue({ client: sqs, queueUrls }),
    visible: async () => (await Promise.all(Object.values(queueUrls).map(receiveAll))).flat(),
  };
});

/** The URL of a queue that does not stand. */
const nowhere = async () => `${await newQueue()}-gone`;

jobQueueOutageContract('SQS', async () => {
  const url = await nowhere();
  const queueUrls = { CRITICAL: url, HIGH: url, MEDIUM: url, LOW: url };
  return createJobQueue({ client: sqs, queueUrls });
});

messageLeaseContract('SQS', async () => {
  const QueueUrl = await newQueue();
  return {
    lease: createMessageLease(sqs, QueueUrl),
    hold: async (VisibilityTimeout) => {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'held' }));
      const command = new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout });
      return (await sqs.send(command)).Messages?.[0]?.ReceiptHandle ?? '';
    },
    remove: async (ReceiptHandle) => {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
    receive: async (waitSeconds) => {
      // In polls of a second: the client gives up on requests that take much longer.
      for (let left = waitSeconds; left >= 0; left -= 1) {
        const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: Math.min(left, 1) });
        const { Messages = [] } = await sqs.send(command);
        if (Messages.length > 0) return Messages.length;
      }
      return 0;
    },
  };
});

tickQueueContract('SQS', async () => {
  const url = await newQueue();
  return {
    tickQueue: createTickQueue(sqs, url),
    takeAll: () => receiveAll(url),
    unreachable: createTickQueue(sqs, await nowhere()),
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

channelStateContract('SNS', async () => {
  const sns = snsClient(settings);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: unique('topic') }));
  return {
    channels: createChannelState(sns, TopicArn),
    subscribe: async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: await newQueue(), AttributeNames: ['QueueArn'] }),
      );
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
    },
    gone: createChannelState(sns, `${TopicArn}-gone`),
  };
});

describe('the archive', () => {
  let emulated: EmulatedTables;
  const bucket = unique('backups');
  const resultsBucket = unique('results');
  const s3 = s3Client(settings);
  let signingKeyId = '';
  beforeAll(async () => {
    emulated = await createEmulatedTables(() => NOW);
    const { KeyMetadata } = await emulated.kms.send(
      new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
    );
    signingKeyId = KeyMetadata?.Arn ?? '';
    for (const Bucket of [bucket, resultsBucket]) await s3.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(() => emulated.delete());
  const archive = () => {
    const { dynamo, kms, tables } = emulated;
    return createArchive({ dynamo, s3, kms, tables, resultsBucket, bucket, signingKeyId });
  };

  test('scans large results as items, each in one segment, and they can be put back byte by byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 250_000 }, (_, index) => (index * 7) % 251));
    const target = createResultTarget(s3, resultsBucket);
    const keys = Array.from({ length: 5 }, (_, index) => `results/job-${index}/1/1`);
    await target.write(
      'results',
      keys.map((key) => ({ keys: { pk: { S: key }, sk: { S: 'OBJECT' } }, image: itemOfObject(key, bytes) })),
    );
    const found: string[] = [];
    for (let segment = 0; segment < 3; segment += 1)
      for await (const lines of archive().scan('results', segment, 3))
        for (const line of lines) {
          const { key, bytes: held } = objectOfState(readLine(line, ['pk', 'sk']));
          expect(Buffer.compare(bytes, held ?? Buffer.of())).toBe(0);
          found.push(key);
        }
    expect(found.toSorted()).toEqual(keys);
    await target.write('results', [{ keys: { pk: { S: keys[0] }, sk: { S: 'OBJECT' } } }]);
    const left: unknown[] = [];
    for await (const page of target.scan('results')) left.push(...page);
    expect(left).toEqual(keys.slice(1).map((key) => itemOfObject(key, bytes)));
  });

  test('scans each item in exactly one segment, with the wrapped keys and without any secret', async () => {
    const { dynamo: client, tables, pseudonymize, cipher, clock } = emulated;
    const store = createJobStore({
      client,
      tables,
      cipher,
      pseudonymize,
      clock,
      shards: { watch: 1, outcome: 1 },
    });
    const jobs = Array.from({ length: 6 }, () => sampleJob());
    for (const job of jobs) await store.accept(job);

    const lines: string[] = [];
    for (let segment = 0; segment < 3; segment += 1)
      for await (const page of archive().scan('jobs', segment, 3)) lines.push(...page);

    const keys = lines.map((line) => {
      const { Item } = JSON.parse(line);
      return `${Item.pk.S}/${Item.sk.S}`;
    });
    const expected = jobs.flatMap(({ row }) => [
      `JOB#${row.jobId}/ROW`,
      `JOB#${row.jobId}/PAYLOAD`,
      `EVENT#${NOW.slice(0, 13)}#0/accepted#${NOW}#${row.jobId}`,
    ]);
    expect(keys.toSorted()).toEqual([...expected, `KEY#DAY#${NOW.slice(0, 10)}/ROW`].toSorted());
  });

  test('holds jobs, records and large results only', async () => {
    // All four tables are handed over here.
    expect(archive().tables).toEqual(['jobs', 'records', 'results']);
    await expect(async () => {
      for await (const page of archive().scan('secrets', 0, 1)) expect(page).toBeUndefined();
    }).rejects.toThrow('no table secrets');
  });

  archiveContract('DynamoDB and S3', async () => {
    const { dynamo: client, tables, pseudonymize, cipher, clock } = emulated;
    const store = createJobStore({
      client,
      tables,
      cipher,
      pseudonymize,
      clock,
      shards: { watch: 1, outcome: 1 },
    });
    for (let count = 0; count < 5; count += 1) await store.accept(sampleJob());
    const { PublicKey = new Uint8Array() } = await emulated.kms.send(
      new GetPublicKeyCommand({ KeyId: signingKeyId }),
    );
    return {
      archive: archive(),
      publicKey: createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }),
      lines: 15,
      stored: async (Key) => {
        const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key })).catch(() => undefined);
        return object?.Body?.transformToByteArray();
      },
    };
  });
});

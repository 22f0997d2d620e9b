import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { scriptedClient, sdkError } from '#test/contracts/scripted-aws.ts';
import type { Priority } from '../lifecycle/priority.ts';
import type { QueuedMessage } from '../operations/ports.ts';
import { createJobQueue } from './job-queue.ts';
import { createTickQueue } from './tick-queue.ts';

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly DelaySeconds: number;
  readonly MessageGroupId?: string;
}

const queueUrls = { CRITICAL: 'q/critical', HIGH: 'q/high', MEDIUM: 'q/medium', LOW: 'q/low' };

const message = (jobId: string, priority: Priority = 'MEDIUM'): QueuedMessage => ({
  message: { v: 1, jobId, kind: 'refill-check', priority, generation: 1 },
  delaySeconds: 0,
});

/** SQS that fails the named jobs as often as given. */
function sqs(failures: Readonly<Record<string, { times: number; senderFault: boolean }>> = {}) {
  const left = new Map(Object.entries(failures).map(([job, { times }]) => [job, times]));
  const taken: Entry[] = [];
  const scripted = scriptedClient<SQSClient>((_, input) => {
    const entries = input['Entries'] as unknown as Entry[];
    const Failed = entries.flatMap((entry) => {
      const { jobId } = JSON.parse(entry.MessageBody);
      const times = left.get(jobId) ?? 0;
      left.set(jobId, times - 1);
      if (times > 0) return [{ Id: entry.Id, SenderFault: failures[jobId]?.senderFault }];
      taken.push(entry);
      return [];
    });
    return { Failed };
  });
  return { ...scripted, taken };
}

const sizes = (calls: ReturnType<typeof sqs>['calls']) =>
  calls.map((call) => (call.input['Entries'] as unknown as Entry[]).length);

describe('sendMany', () => {
  test('sends each message to the queue of its priority, ten at most per call', async () => {
    const { client, calls } = sqs();
    const queue = createJobQueue({ client, queueUrls });
    const many = Array.from({ length: 23 }, (_, index) => message(`job-${index}`));

    expect(await queue.sendMany([...many, message('urgent', 'CRITICAL')])).toEqual([]);

    const perQueue = (url: string) => sizes(calls.filter((call) => String(call.input['QueueUrl']) === url));
    expect(perQueue('q/medium')).toEqual([10, 10, 3]);
    expect(perQueue('q/critical')).toEqual([1]);
    expect(calls).toHaveLength(4);
  });

  test('sends again only what failed in an answer of 200', async () => {
    const { client, calls, taken } = sqs({ 'job-1': { times: 1, senderFault: false } });
    const queue = createJobQueue({ client, queueUrls });

    expect(await queue.sendMany(['job-0', 'job-1', 'job-2'].map((job) => message(job)))).toEqual([]);

    expect(sizes(calls)).toEqual([3, 1]);
    expect(taken.map(({ MessageBody }) => JSON.parse(MessageBody).jobId)).toEqual([
      'job-0',
      'job-2',
      'job-1',
    ]);
  });

  test('answers what was not taken after some tries', async () => {
    const { client, calls } = sqs({ 'job-1': { times: 99, senderFault: false } });
    const queue = createJobQueue({ client, queueUrls });
    const lost = message('job-1');

    expect(await queue.sendMany([message('job-0'), lost])).toEqual([lost]);
    expect(sizes(calls)).toEqual([2, 1, 1]);
  });

  test('does not send again what the queue will never take', async () => {
    const { client, calls } = sqs({ 'job-1': { times: 99, senderFault: true } });
    const lost = message('job-1');
    expect(await createJobQueue({ client, queueUrls }).sendMany([lost])).toEqual([lost]);
    expect(calls).toHaveLength(1);
  });

  test('answers the messages of a call that failed as a whole, and only those', async () => {
    const { client } = scriptedClient<SQSClient>((_, input) => {
      if (String(input['QueueUrl']) === 'q/high') throw sdkError('ThrottlingException');
      return {};
    });
    const lost = message('b', 'HIGH');
    expect(await createJobQueue({ client, queueUrls }).sendMany([message('a'), lost])).toEqual([lost]);
  });

  test('carries ids, a delay rounded up and the group, and nothing else', async () => {
    const { client, taken } = sqs();
    const queued = { ...message('job-0'), delaySeconds: 12.2, groupRef: 'group-ref' };
    await createJobQueue({ client, queueUrls }).sendMany([queued]);
    expect(taken).toEqual([
      { Id: '0', MessageBody: JSON.stringify(queued.message), DelaySeconds: 13, MessageGroupId: 'group-ref' },
    ]);
  });
});

describe('send', () => {
  test('throws a reason to retry when the message was not taken', async () => {
    const { client } = scriptedClient<SQSClient>(() => {
      throw sdkError('RequestThrottled');
    });
    const sent = createJobQueue({ client, queueUrls }).send(message('a').message);
    await expect(sent).rejects.toMatchObject({ reason: 'dependency_throttled' });
  });

  test('refuses a delay that SQS does not know', async () => {
    const { client, calls } = sqs();
    const sent = createJobQueue({ client, queueUrls }).send(message('a').message, { delaySeconds: 901 });
    await expect(sent).rejects.toThrow('at most 900 s');
    expect(calls).toHaveLength(0);
  });
});

describe('hasBacklog', () => {
  test('asks each queue at most every ten seconds', async () => {
    let visible = '3';
    let ageMs = 0;
    const { client, calls } = scriptedClient<SQSClient>(() => ({
      Attributes: { ApproximateNumberOfMessages: visible },
    }));
    const queue = createJobQueue({ client, queueUrls, ageMs: () => ageMs });

    expect(await queue.hasBacklog('HIGH')).toBe(true);
    visible = '0';
    ageMs = 9_999;
    expect(await queue.hasBacklog('HIGH')).toBe(true);
    expect(await queue.hasBacklog('LOW')).toBe(false);
    ageMs = 10_000;
    expect(await queue.hasBacklog('HIGH')).toBe(false);
    expect(calls).toHaveLength(3);
  });
});

describe('the tick queue', () => {
  test('starts one worker per shard', async () => {
    const bodies: string[] = [];
    const { client } = scriptedClient<SQSClient>((_, input) => {
      bodies.push(...(input['Entries'] as unknown as Entry[]).map((entry) => entry.MessageBody));
      return {};
    });
    await createTickQueue(client, 'q/tick').start(16);
    expect(bodies.map((body) => JSON.parse(body))).toEqual(
      Array.from({ length: 16 }, (_, shard) => ({ v: 1, shard })),
    );
  });

  test('throws when a worker was not started', async () => {
    const { client } = scriptedClient<SQSClient>(() => ({ Failed: [{ Id: '0', SenderFault: true }] }));
    await expect(createTickQueue(client, 'q/tick').start(2)).rejects.toMatchObject({
      reason: 'dependency_unavailable',
    });
  });
});

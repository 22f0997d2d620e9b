import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { scriptedClient, sdkError } from '#test/contracts/scripted-aws.ts';
import { createQueueRoom } from './queue-room.ts';

const queueUrls = { CRITICAL: 'q/critical', HIGH: 'q/high', MEDIUM: 'q/medium', LOW: 'q/low' };

function roomOf(depth: (url: string) => readonly number[]) {
  let nowMs = 0;
  const { client, calls } = scriptedClient<SQSClient>((_, input) => {
    const [visible, running, delayed] = depth(String(input['QueueUrl']));
    return {
      Attributes: {
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(running),
        ApproximateNumberOfMessagesDelayed: String(delayed),
      },
    };
  });
  const hasRoom = createQueueRoom({ client, queueUrls, limit: 10, ageMs: () => nowMs });
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { calls, hasRoom, wait };
}

describe('the room in a queue', () => {
  it('ends at the limit, counting what waits, runs and is delayed', async () => {
    expect(await roomOf(() => [3, 3, 3]).hasRoom('LOW')).toBe(true);
    expect(await roomOf(() => [4, 3, 3]).hasRoom('LOW')).toBe(false);
  });

  it('of one priority says nothing of another', async () => {
    const { hasRoom } = roomOf((url) => (url === 'q/low' ? [99, 0, 0] : [0, 0, 0]));
    expect([await hasRoom('LOW'), await hasRoom('CRITICAL')]).toEqual([false, true]);
  });

  it('is looked at once in ten seconds, and then anew', async () => {
    let depth = 99;
    const { calls, hasRoom, wait } = roomOf(() => [depth, 0, 0]);
    await Promise.all([hasRoom('LOW'), hasRoom('LOW')]);
    depth = 0;
    wait(9_999);
    expect(await hasRoom('LOW')).toBe(false);
    expect(calls).toHaveLength(1);
    wait(1);
    expect(await hasRoom('LOW')).toBe(true);
    expect(calls).toHaveLength(2);
  });

  it('is taken for granted when the queue cannot be asked, and asked for again', async () => {
    const { client, calls } = scriptedClient<SQSClient>(() => {
      throw sdkError('ServiceUnavailable');
    });
    const hasRoom = createQueueRoom({ client, queueUrls, limit: 10 });
    expect(await hasRoom('LOW')).toBe(true);
    expect(await hasRoom('LOW')).toBe(true);
    expect(calls.length).toBeGreaterThanOrEqual(2);
  });
});

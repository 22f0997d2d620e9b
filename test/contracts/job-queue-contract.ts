import { describe, expect, test } from 'vitest';
import { type JobMessage, messageOf } from '#shared/lifecycle/job-row.ts';
import { PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import type { JobQueue } from '#shared/operations/ports.ts';
import { sampleJob } from './sample-jobs.ts';

export interface QueueUnderTest {
  readonly queue: JobQueue;
  /** The messages that workers would receive now. */
  readonly visible: () => Promise<readonly JobMessage[]>;
}

/** What every JobQueue promises. */
export function jobQueueContract(name: string, make: () => Promise<QueueUnderTest>): void {
  const message = (priority: Priority = 'HIGH') => messageOf(sampleJob({ priority }).row);
  const byId = (a: JobMessage, b: JobMessage) => (a.jobId < b.jobId ? -1 : 1);

  describe(`${name}: a job queue`, () => {
    test('hands over what was sent, one by one and together, whatever its priority', async () => {
      const { queue, visible } = await make();
      const [first, ...others] = [message(), ...PRIORITY_NAMES.map(message)];
      if (!first) throw new Error('Messages were made.');
      await queue.send(first, { groupRef: 'group' });
      const lost = await queue.sendMany(
        others.map((one, position) => ({
          message: one,
          delaySeconds: 0,
          ...(position % 2 === 0 && { groupRef: 'group' }),
        })),
      );
      expect(lost).toEqual([]);
      expect((await visible()).toSorted(byId)).toEqual([first, ...others].toSorted(byId));
    });

    test('takes more messages than one batch holds', async () => {
      const { queue } = await make();
      const messages = Array.from({ length: 23 }, () => ({ message: message(), delaySeconds: 900 }));
      expect(await queue.sendMany(messages)).toEqual([]);
    });

    test('takes nothing when there is nothing', async () => {
      const { queue, visible } = await make();
      expect(await queue.sendMany([])).toEqual([]);
      expect(await visible()).toEqual([]);
    });

    test('holds delayed messages back, and shows no backlog because of them', async () => {
      const { queue, visible } = await make();
      await queue.send(message(), { delaySeconds: 600 });
      expect(await queue.hasBacklog('HIGH')).toBe(false);
      expect(await visible()).toEqual([]);
    });

    test('shows a backlog while messages wait, of their priority only', async () => {
      const { queue } = await make();
      await queue.send(message('HIGH'));
      expect(await queue.hasBacklog('HIGH')).toBe(true);
      expect(await queue.hasBacklog('LOW')).toBe(false);
    });

    test('refuses a delay that it cannot keep', async () => {
      const { queue } = await make();
      await expect(queue.send(message(), { delaySeconds: 901 })).rejects.toThrow(RangeError);
      const many = [{ message: message(), delaySeconds: 901 }];
      await expect(queue.sendMany(many)).rejects.toThrow(RangeError);
    });
  });
}

/** What a JobQueue promises that takes no message. */
export function jobQueueOutageContract(name: string, make: () => Promise<JobQueue>): void {
  test(`${name}: a job queue that takes nothing throws for one message, and names those of several`, async () => {
    const queue = await make();
    const many = (['LOW', 'HIGH'] as const).map((priority) => ({
      message: messageOf(sampleJob({ priority }).row),
      delaySeconds: 0,
    }));
    for (const { message } of many) await expect(queue.send(message)).rejects.toThrow();
    const lost = await queue.sendMany(many);
    expect(lost).toHaveLength(many.length);
    expect(lost).toEqual(expect.arrayContaining(many));
  });
}

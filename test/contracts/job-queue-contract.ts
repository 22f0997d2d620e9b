import { describe, expect, test } from 'vitest';
import { type JobMessage, messageOf } from '#shared/lifecycle/job-row.ts';
import type { JobQueue } from '#shared/operations/ports.ts';
import { sampleJob } from './sample-jobs.ts';

export interface QueueUnderTest {
  readonly queue: JobQueue;
  /** The messages that a worker would receive now. */
  readonly visible: () => Promise<readonly JobMessage[]>;
}

/** What every JobQueue promises. */
export function jobQueueContract(name: string, make: () => Promise<QueueUnderTest>): void {
  const message = () => messageOf(sampleJob({ priority: 'HIGH' }).row);

  describe(`${name}: a job queue`, () => {
    test('hands over what was sent, one by one and together', async () => {
      const { queue, visible } = await make();
      const [one, two, three] = [message(), message(), message()];
      await queue.send(one, { groupRef: 'group' });
      const lost = await queue.sendMany([
        { message: two, delaySeconds: 0, groupRef: 'group' },
        { message: three, delaySeconds: 0 },
      ]);
      expect(lost).toEqual([]);
      const byId = (a: JobMessage, b: JobMessage) => (a.jobId < b.jobId ? -1 : 1);
      expect((await visible()).toSorted(byId)).toEqual([one, two, three].toSorted(byId));
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

    test('shows a backlog while messages wait', async () => {
      const { queue } = await make();
      await queue.send(message());
      expect(await queue.hasBacklog('HIGH')).toBe(true);
    });
  });
}

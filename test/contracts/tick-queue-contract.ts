import { describe, expect, test } from 'vitest';
import type { TickMessage } from '#shared/contract/functions.ts';
import type { TickQueue } from '#shared/operations/ports.ts';

export interface TickQueueUnderTest {
  readonly tickQueue: TickQueue;
  /** Takes out every message that waits for a shard worker. */
  readonly takeAll: () => Promise<readonly TickMessage[]>;
  /** A tick queue that cannot be reached. */
  readonly unreachable: TickQueue;
}

/** What every TickQueue promises. */
export function tickQueueContract(name: string, make: () => Promise<TickQueueUnderTest>): void {
  const byShard = (a: TickMessage, b: TickMessage) => a.shard - b.shard;

  describe(`${name}: a tick queue`, () => {
    // Ten messages are one batch of SQS.
    test.each([1, 4, 10, 23])('starts one worker for each of %i shards', async (shards) => {
      const { tickQueue, takeAll } = await make();
      await tickQueue.start(shards);
      const expected = Array.from({ length: shards }, (_, shard) => ({ v: 1, shard }));
      expect((await takeAll()).toSorted(byShard)).toEqual(expected);
    });

    test('starts nothing without shards', async () => {
      const { tickQueue, takeAll } = await make();
      await tickQueue.start(0);
      expect(await takeAll()).toEqual([]);
    });

    test('starts the workers of each tick anew, also while earlier ones still wait', async () => {
      const { tickQueue, takeAll } = await make();
      await tickQueue.start(2);
      await tickQueue.start(2);
      expect((await takeAll()).map(({ shard }) => shard).toSorted()).toEqual([0, 0, 1, 1]);
    });

    test('throws when workers were not started', async () => {
      const { unreachable } = await make();
      await expect(unreachable.start(3)).rejects.toThrow();
    });
  });
}

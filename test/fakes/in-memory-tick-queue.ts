import type { TickMessage } from '#shared/contract/functions.ts';
import type { TickQueue } from '#shared/operations/ports.ts';

/** The queue between the tick and its shard workers. */
export class InMemoryTickQueue implements TickQueue {
  /** Messages that no shard worker has taken yet. */
  readonly waiting: TickMessage[] = [];
  reachable = true;

  async start(shards: number): Promise<void> {
    if (!this.reachable) throw new Error('The tick queue cannot be reached.');
    for (let shard = 0; shard < shards; shard += 1) this.waiting.push({ v: 1, shard });
  }

  /** Everything that waits, which then no longer does. */
  takeAll(): TickMessage[] {
    return this.waiting.splice(0);
  }
}

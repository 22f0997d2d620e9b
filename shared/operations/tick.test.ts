import { describe, expect, it } from 'vitest';
import {
  createTestEngine,
  deliverAll,
  logged,
  NOW,
  rowOf,
  submitted,
  withStore,
} from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import { verifyChain } from '../evidence/audit-chain.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { reconcile } from './reconcile.ts';
import { tick } from './tick.ts';

const work = testKind();
const low = testKind({ name: 'low', priority: 'LOW' });

async function scheduled(seconds = 3600) {
  const engine = createTestEngine([work, low], { dueShards: 7 });
  const runAt = addSeconds(NOW, seconds);
  return { engine, runAt, row: await submitted(engine, work, { runAt }) };
}

describe('the tick', () => {
  it('starts a worker for each shard', async () => {
    const { engine } = await scheduled();
    await tick(engine);
    expect(engine.tickQueue.waiting.map(({ shard }) => shard)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('releases a scheduled job ten minutes before its time, delayed until then', async () => {
    const { engine, runAt, row } = await scheduled();
    engine.time.set(addSeconds(runAt, -601));
    expect(await tick(engine)).toEqual({ released: 0 });
    engine.time.set(addSeconds(runAt, -590));
    expect(await tick(engine)).toEqual({ released: 1 });
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'queued', dueAt: runAt, checkAt: addSeconds(runAt, 120) });
    expect(engine.queue.sent).toMatchObject([{ message: { jobId: row.jobId }, delaySeconds: 590 }]);
    const chain = await engine.audit.chain(row.jobId);
    expect(verifyChain(chain, after)).toBeUndefined();
    expect(chain.at(-1)).toMatchObject({ action: 'job.released', actor: { ref: 'system:tick' } });
    expect(await tick(engine)).toEqual({ released: 0 });
    engine.time.set(runAt);
    expect(await deliverAll(engine)).toHaveLength(1);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'succeeded' });
  });

  it('releases late what it missed, to run at once', async () => {
    const { engine, runAt, row } = await scheduled();
    engine.time.set(addSeconds(runAt, 7200));
    await tick(engine);
    expect(engine.queue.sent).toMatchObject([{ delaySeconds: 0 }]);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ checkAt: addSeconds(runAt, 7320) });
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'succeeded' });
  });

  it('releases nothing that is wanted no more: that job expires', async () => {
    const { engine, runAt, row } = await scheduled();
    engine.time.set(addSeconds(runAt, 86_400));
    await tick(engine);
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'expired', attempt: 0 });
  });

  it('leaves to the reconciler a message that is not taken', async () => {
    const { engine, runAt, row } = await scheduled();
    engine.time.set(addSeconds(runAt, -600));
    engine.queue.mood = 'throws';
    await tick(engine);
    engine.queue.mood = 'takes';
    engine.time.set(addSeconds(runAt, 120));
    expect(await reconcile(engine)).toBe(1);
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'succeeded' });
  });

  it('releases once when two of them run at the same time', async () => {
    const { engine, runAt } = await scheduled();
    engine.time.set(addSeconds(runAt, -600));
    const both = await Promise.all([tick(engine), tick(engine)]);
    expect(both.map((one) => one.released).toSorted()).toEqual([0, 1]);
    expect(engine.queue.sent).toHaveLength(1);
  });

  it('releases what it can when one job cannot be written, then says so', async () => {
    const { engine, runAt, row } = await scheduled();
    const second = await submitted(engine, work, { runAt });
    const third = await submitted(engine, low, { runAt });
    const shaky = withStore(engine, {
      commit: async (change) => {
        if (change.before.jobId === second.jobId) throw new Error('throttled');
        return engine.store.commit(change);
      },
    });
    engine.time.set(addSeconds(runAt, -600));
    await expect(tick(shaky)).rejects.toThrow('throttled');
    const sent = engine.queue.sent.map(({ message }) => message.jobId);
    expect(sent.toSorted()).toEqual([row.jobId, third.jobId].toSorted());
    expect(logged(engine, 'tick.done')).toMatchObject([{ fields: { count: 2 } }]);
  });

  it('releases jobs also when the shard workers cannot be started, then says so', async () => {
    const { engine, runAt } = await scheduled();
    engine.time.set(addSeconds(runAt, -600));
    engine.tickQueue.reachable = false;
    await expect(tick(engine)).rejects.toThrow('tick queue cannot be reached');
    expect(engine.queue.sent).toHaveLength(1);
  });
});

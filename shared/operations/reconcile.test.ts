import { describe, expect, it } from 'vitest';
import {
  counted,
  createTestEngine,
  deliverAll,
  deliverNext,
  logged,
  NOW,
  rowOf,
  submitted,
  type TestEngine,
  withStore,
} from '#test/builders/test-engine.ts';
import { DONE, testKind } from '#test/builders/test-kinds.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { type JobRow, messageOf } from '../lifecycle/job-row.ts';
import { reconcile } from './reconcile.ts';

/** A job whose first message was not taken. */
async function lostEnqueue(engine: TestEngine, kind = testKind()) {
  engine.queue.mood = 'refuses';
  const row = await submitted(engine, kind);
  engine.queue.mood = 'takes';
  return row;
}

const at = (engine: TestEngine, seconds: number) => {
  engine.time.set(addSeconds(NOW, seconds));
  return reconcile(engine);
};

describe('the reconciler', () => {
  it('finds a job whose message was lost two minutes after it was due, and not before', async () => {
    const engine = createTestEngine([testKind()]);
    const row = await lostEnqueue(engine);
    expect(await at(engine, 119)).toBe(0);
    expect(await at(engine, 120)).toBe(1);
    expect(engine.queue.sent).toMatchObject([{ message: messageOf(row), delaySeconds: 0 }]);
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'succeeded' });
    expect(await at(engine, 86_400)).toBe(0);
  });

  it('tells by how much the oldest job of a priority is overdue, from its first second on', async () => {
    const engine = createTestEngine([testKind()]);
    await lostEnqueue(engine);
    const overdue = async (seconds: number) => {
      engine.metrics.all.length = 0;
      await at(engine, seconds);
      return engine.metrics.all
        .filter(({ name }) => name === 'oldest_overdue')
        .map(({ priority, value, kind }) => [priority, value, kind]);
    };
    const others = ['CRITICAL', 'HIGH', 'LOW'].map((priority) => [priority, 0, undefined]);
    expect(await overdue(30)).toEqual(expect.arrayContaining([...others, ['MEDIUM', 30, undefined]]));
    expect(await overdue(90)).toContainEqual(['MEDIUM', 90, undefined]);
    await at(engine, 120);
    await deliverAll(engine);
    expect(await overdue(180)).toContainEqual(['MEDIUM', 0, undefined]);
  });

  it('counts each repair by kind and priority', async () => {
    const engine = createTestEngine([testKind()]);
    const row = await lostEnqueue(engine);
    await at(engine, 120);
    expect(engine.metrics.all.filter((metric) => metric.name === 'reconciler_repairs')).toEqual([
      { name: 'reconciler_repairs', value: 1, unit: 'Count', kind: 'work', priority: 'MEDIUM' },
    ]);
    expect(logged(engine, 'reconciler.repaired')).toMatchObject([
      {
        level: 'warn',
        fields: { job_id: row.jobId, status: 'queued', count: 1, correlation_id: row.correlationId },
      },
    ]);
    expect(logged(engine, 'reconciler.done')).toMatchObject([{ fields: { count: 1 } }]);
  });

  it('looks again after twice the time, as long as nothing happens', async () => {
    const engine = createTestEngine([testKind()]);
    await lostEnqueue(engine);
    const looks: number[] = [];
    for (let second = 0; second <= 14_400; second += 60) {
      if ((await at(engine, second)) > 0) looks.push(second);
      // Every message that it sends gets lost as well.
      engine.queue.held.length = 0;
    }
    expect(looks).toEqual([120, 240, 480, 960, 1920, 3840, 7440, 11_040]);
  });

  it('sends once when two of them run at the same time', async () => {
    const engine = createTestEngine([testKind()]);
    await lostEnqueue(engine);
    engine.time.advance(120);
    const repairs = await Promise.all([reconcile(engine), reconcile(engine)]);
    expect(repairs.toSorted()).toEqual([0, 1]);
    expect(engine.queue.sent).toHaveLength(1);
  });

  it('finds a job whose worker died and whose message is gone', async () => {
    const kind = testKind();
    const engine = createTestEngine([kind]);
    const row = await submitted(engine, kind);
    const claim = { jobId: row.jobId, generation: 1, now: NOW, timing: engine.timing.MEDIUM };
    await engine.store.claim(claim);
    engine.queue.held.length = 0;
    expect(await at(engine, 704)).toBe(0);
    // Lease of 105 s and a retry delay of 600 s.
    expect(await at(engine, 705)).toBe(1);
    await deliverAll(engine);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'succeeded', attempt: 2 });
    expect(after.attempts).toMatchObject([{ outcome: 'died' }, { outcome: 'succeeded' }]);
  });

  it('has the end of a job recorded whose last worker died', async () => {
    const kind = testKind();
    const engine = createTestEngine([kind]);
    const row = await submitted(engine, kind);
    engine.db.putRow({ ...row, status: 'running', attempt: 4, leaseUntil: NOW, checkAt: NOW });
    engine.queue.held.length = 0;
    expect(await reconcile(engine)).toBe(1);
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'failed', errorCode: 'worker_died' });
  });

  it('leaves jobs alone whose queue is merely behind, for 15 minutes', async () => {
    const engine = createTestEngine([testKind()]);
    await lostEnqueue(engine);
    engine.queue.backlog.add('MEDIUM');
    expect(await at(engine, 120 + 899)).toBe(0);
    expect(await at(engine, 120 + 900)).toBe(1);
  });

  it('is not held up in one priority by the backlog of another', async () => {
    const low = testKind({ name: 'low', priority: 'LOW' });
    const engine = createTestEngine([testKind(), low]);
    await lostEnqueue(engine);
    const row = await lostEnqueue(engine, low);
    engine.queue.backlog.add('MEDIUM');
    expect(await at(engine, 120)).toBe(1);
    expect(engine.queue.sent).toMatchObject([{ message: { jobId: row.jobId } }]);
  });

  it('waits for what is due later', async () => {
    const engine = createTestEngine([testKind()]);
    engine.queue.mood = 'throws';
    await submitted(engine, testKind(), { runAt: addSeconds(NOW, 600) });
    engine.queue.mood = 'takes';
    expect(await at(engine, 719)).toBe(0);
    expect(await at(engine, 720)).toBe(1);
  });

  it('tries again later what the queue does not take now', async () => {
    const engine = createTestEngine([testKind()]);
    await lostEnqueue(engine);
    engine.queue.mood = 'throws';
    await at(engine, 120);
    expect(counted(engine, 'enqueue_failures')).toHaveLength(2);
    engine.queue.mood = 'takes';
    await at(engine, 240);
    expect(engine.queue.sent).toHaveLength(1);
  });

  it.each(['touch', 'commit'] as const)(
    'repairs what it can when %s fails for one job, then says so',
    async (call) => {
      const waiting = testKind({
        name: 'waiting',
        process: async () => ({ end: 'waiting', children: [{ key: 'k', kind: 'work', payload: {} }] }),
      });
      const low = testKind({ name: 'low', priority: 'LOW' });
      const engine = createTestEngine([testKind(), waiting, low]);
      const rows: JobRow[] = [];
      for (let n = 0; n < 3; n += 1) {
        const row = await submitted(engine, waiting);
        await deliverAll(engine);
        // Its child has ended without a word to it.
        if (call === 'commit')
          engine.db.putRow({ ...(await rowOf(engine, row.jobId)), status: 'waiting', checkAt: NOW });
        else engine.db.putRow({ ...(await rowOf(engine, row.jobId)), status: 'queued', checkAt: NOW });
        rows.push(row);
      }
      const other = await lostEnqueue(engine, low);
      engine.queue.sent.length = 0;
      const fails = async (jobId: string) => {
        if (jobId === rows[1]?.jobId) throw new Error('throttled');
      };
      const shaky = withStore(engine, {
        touch: async (row, next) => {
          await fails(row.jobId);
          return engine.store.touch(row, next);
        },
        commit: async (change) => {
          await fails(change.before.jobId);
          return engine.store.commit(change);
        },
      });
      engine.time.advance(120);
      await expect(reconcile(shaky)).rejects.toThrow('throttled');
      const sent = engine.queue.sent.map(({ message }) => message.jobId);
      expect(sent.toSorted()).toEqual([rows[0]?.jobId, rows[2]?.jobId, other.jobId].toSorted());
    },
  );
});

describe('the reconciler and a parent that waits', () => {
  const setUp = async () => {
    const part = testKind({ name: 'part' });
    const parent = testKind({
      name: 'parent',
      process: async (job) =>
        job.round === 0
          ? { end: 'waiting', children: [{ key: 'k', kind: 'part', payload: {} }] }
          : { ...DONE, result: { seen: job.children.map((child) => child.status) } },
    });
    const engine = createTestEngine([parent, part]);
    const row = await submitted(engine, parent);
    await deliverNext(engine);
    return { engine, row: await rowOf(engine, row.jobId) };
  };

  it('sends it on when its children have ended without a word to it', async () => {
    const { engine, row } = await setUp();
    await deliverNext(engine);
    // As if the countdown had been lost, with the message it sends.
    engine.db.putRow(row);
    engine.queue.held.length = 0;
    expect(await at(engine, 3599)).toBe(0);
    expect(await at(engine, 3600)).toBe(1);
    await deliverAll(engine);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'succeeded', openChildren: 0, round: 1 });
    expect(await engine.store.result(after)).toEqual({ seen: ['succeeded'] });
  });

  it('counts a child that is gone as ended', async () => {
    const { engine, row } = await setUp();
    engine.db.rows.delete(row.children?.[0] ?? '');
    engine.queue.held.length = 0;
    expect(await at(engine, 3600)).toBe(1);
    await deliverAll(engine);
    const after = await rowOf(engine, row.jobId);
    expect(await engine.store.result(after)).toEqual({ seen: ['missing'] });
  });

  it('lets it wait while a child works, and looks again later', async () => {
    const { engine, row } = await setUp();
    // The child itself is found and sent again; the parent is not.
    expect(await at(engine, 3600)).toBe(1);
    expect(engine.queue.sent.at(-1)?.message.jobId).toBe(row.children?.[0]);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'waiting', checks: 1, checkAt: addSeconds(NOW, 3720) });
  });
});

import { describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  deliverNext,
  NOW,
  requestAt,
  rowOf,
  submitted,
  type TestEngine,
  withStore,
} from '#test/builders/test-engine.ts';
import { DONE, testKind } from '#test/builders/test-kinds.ts';
import { PermanentError } from '../errors/attempt-error.ts';
import { verifyChain } from '../evidence/audit-chain.ts';
import type { ChildJob, ChildOutcome } from '../jobs/ports.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { messageOf } from '../lifecycle/job-row.ts';
import { cancelJob } from './cancel-job.ts';
import { retryJob } from './retry-job.ts';
import { runAttempt } from './run-attempt.ts';

const STAFF = callerAs('service', 'client');
const parts = (...marks: string[]): ChildJob[] =>
  marks.map((mark) => ({ key: `part-${mark}`, kind: 'part', payload: { mark } }));

/** A parent that splits into `children` and gathers them, with parts of which the one marked `bad` fails. */
function family(children: readonly ChildJob[] = parts('a', 'b')) {
  const gathered: (readonly ChildOutcome[])[] = [];
  const part = testKind({
    name: 'part',
    process: async ({ payload }) => {
      if (payload.mark === 'bad') throw new PermanentError('part_failed', 'bad');
      return { ...DONE, result: { mark: payload.mark ?? '' } };
    },
  });
  const parent = testKind({
    name: 'parent',
    priority: 'LOW',
    process: async (job) => {
      if (job.round === 0) return { end: 'waiting', children };
      gathered.push(job.children);
      return DONE;
    },
  });
  const engine = createTestEngine([parent, part]);
  return { engine, parent, gathered };
}

async function split(children?: readonly ChildJob[]) {
  const { engine, parent, gathered } = family(children);
  const row = await submitted(engine, parent);
  await deliverNext(engine);
  return { engine, gathered, row: await rowOf(engine, row.jobId) };
}

const childrenOf = (engine: TestEngine, ids: readonly string[] = []) =>
  Promise.all(ids.map((id) => rowOf(engine, id)));

describe('a job that splits its work', () => {
  it('waits without a lease; the waiting round is no attempt', async () => {
    const { engine, row } = await split();
    expect(row).toMatchObject({
      status: 'waiting',
      attempt: 0,
      openChildren: 2,
      round: 0,
      checkAt: addSeconds(NOW, 3600),
      attempts: [{ attempt: 1, outcome: 'waiting' }],
    });
    expect(row).not.toHaveProperty('leaseUntil');
    const children = await childrenOf(engine, row.children);
    expect(children).toMatchObject([
      { kind: 'part', status: 'queued', parentId: row.jobId, childKey: 'part-a', awaited: true },
      { kind: 'part', status: 'queued', parentId: row.jobId, childKey: 'part-b', awaited: true },
    ]);
    expect(engine.queue.held.map(({ message }) => message.jobId)).toEqual(row.children);
  });

  it('goes on when the last child has ended, and sees their results in their order', async () => {
    const { engine, gathered, row } = await split();
    await deliverNext(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'waiting', openChildren: 1 });
    await deliverNext(engine);
    const ready = await rowOf(engine, row.jobId);
    expect(ready).toMatchObject({
      status: 'queued',
      openChildren: 0,
      round: 1,
      checkAt: addSeconds(NOW, 120),
    });
    await deliverAll(engine);
    expect(gathered).toEqual([
      (row.children ?? []).map((jobId, index) => ({
        jobId,
        key: `part-${'ab'[index]}`,
        status: 'succeeded',
        result: { mark: 'ab'[index] },
      })),
    ]);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'succeeded', attempt: 1 });
    const chain = await engine.audit.chain(row.jobId);
    expect(verifyChain(chain, after)).toBeUndefined();
    expect(chain.map((entry) => entry.action)).toEqual([
      'job.accepted',
      'job.waiting',
      'job.children_done',
      'job.succeeded',
    ]);
  });

  it('also when one fails: it is told which', async () => {
    const { engine, gathered } = await split(parts('bad', 'b'));
    await deliverAll(engine);
    expect(gathered[0]).toMatchObject([{ status: 'failed' }, { status: 'succeeded' }]);
    expect(gathered[0]?.[0]).not.toHaveProperty('result');
  });

  it('is counted down by a child that is cancelled or expires, too', async () => {
    const { engine, row } = await split([
      ...parts('a'),
      { key: 'late', kind: 'part', payload: {}, expiresAt: addSeconds(NOW, 10) },
    ]);
    await cancelJob(engine, STAFF, row.children?.[0] ?? '', requestAt(engine));
    expect(await rowOf(engine, row.jobId)).toMatchObject({ openChildren: 1 });
    engine.time.advance(10);
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'succeeded' });
  });

  it('is counted right when two children end at the same moment', async () => {
    const { engine, row } = await split();
    const standing = await childrenOf(engine, row.children);
    // Both read the parent before either has written.
    let reads = 0;
    let release = () => {};
    const bothRead = new Promise<void>((done) => {
      release = done;
    });
    const racing = withStore(engine, {
      read: async (jobId) => {
        const found = await engine.store.read(jobId);
        reads += 1;
        if (reads === 2) release();
        if (reads <= 2) await bothRead;
        return found;
      },
    });
    await Promise.all(standing.map((child) => runAttempt(racing, messageOf(child))));
    expect(reads).toBeGreaterThan(2);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'queued', openChildren: 0, round: 1 });
    const sent = engine.queue.sent.filter(({ message }) => message.jobId === row.jobId);
    // Its own first message, and one that says that its children are done.
    expect(sent).toHaveLength(2);
  });

  it('has counted a child that failed: while it waits and afterwards that child is not retried by itself', async () => {
    const { engine, row } = await split(parts('bad', 'b'));
    const [bad = ''] = row.children ?? [];
    await deliverNext(engine);
    const refused = { code: 'state_conflict', message: expect.stringContaining(`the job ${row.jobId}`) };
    await expect(retryJob(engine, STAFF, bad, requestAt(engine))).rejects.toMatchObject(refused);
    await deliverAll(engine);
    await expect(retryJob(engine, STAFF, bad, requestAt(engine))).rejects.toMatchObject(refused);
    expect(await rowOf(engine, bad)).toMatchObject({ status: 'failed', generation: 1 });
  });

  it('does not wait any more once it is cancelled, and its children are cancelled with it', async () => {
    const { engine, row } = await split();
    await cancelJob(engine, STAFF, row.jobId, requestAt(engine));
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'cancelled' });
    expect(await childrenOf(engine, row.children)).toMatchObject([
      { status: 'cancelled' },
      { status: 'cancelled' },
    ]);
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'cancelled' });
  });

  it('makes the same children when its transaction’s answer got lost', async () => {
    const { engine, parent } = family();
    const row = await submitted(engine, parent);
    let calls = 0;
    const lossy = withStore(engine, {
      commit: async (change) => {
        const answer = await engine.store.commit(change);
        calls += 1;
        if (calls === 1) throw new Error('the answer got lost');
        return answer;
      },
    });
    await runAttempt(lossy, messageOf(row));
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'waiting', openChildren: 2 });
    expect(engine.db.rows.size).toBe(3);
  });

  it('makes new children when it is retried', async () => {
    const { engine, row } = await split(parts('bad', 'b'));
    await deliverAll(engine);
    const ended = await rowOf(engine, row.jobId);
    engine.db.putRow({ ...ended, status: 'failed' });
    await retryJob(engine, STAFF, row.jobId, requestAt(engine));
    await deliverAll(engine);
    const again = await rowOf(engine, row.jobId);
    expect(again).toMatchObject({ status: 'succeeded', generation: 2 });
    expect(again.children).toHaveLength(2);
    expect(again.children?.filter((id) => row.children?.includes(id))).toEqual([]);
  });

  it.each([
    [
      'more children than a transaction holds',
      parts(...Array.from({ length: 31 }, (_, n) => `${n}`)),
      'too_many_children',
    ],
    ['a child of an unknown kind', [{ key: 'k', kind: 'nothing', payload: {} }], 'unknown_kind'],
    ['no child at all, which nobody would ever count down', [], 'no_children'],
    ['two children of one key, which are one job', parts('a', 'a'), 'child_key_repeated'],
  ])('fails for good with %s', async (_, children, errorCode) => {
    const { row } = await split(children);
    expect(row).toMatchObject({ status: 'failed', errorCode, attempt: 1 });
  });
});

describe('children that nobody waits for', () => {
  it('are made with the parent’s end, for its patient unless they name another, when they are due', async () => {
    const part = testKind({ name: 'part', priorities: ['MEDIUM', 'HIGH'] });
    const soon = addSeconds(NOW, 120);
    const later = addSeconds(NOW, 1200);
    const parent = testKind({
      name: 'parent',
      process: async () => ({
        ...DONE,
        children: [
          { key: 'a', kind: 'part', payload: {}, dueAt: soon, priority: 'HIGH' },
          { key: 'b', kind: 'part', payload: {}, dueAt: later, userRef: 'another' },
        ],
      }),
    });
    const engine = createTestEngine([parent, part]);
    const row = await submitted(engine, parent, { payload: { user_id: 'user-1' } });
    await deliverNext(engine);
    const after = await rowOf(engine, row.jobId);
    const children = await childrenOf(engine, after.children);
    expect(children).toMatchObject([
      { status: 'queued', dueAt: soon, priority: 'HIGH', userRef: row.userRef, correlationId: 'c-1' },
      { status: 'scheduled', dueAt: later, priority: 'MEDIUM', userRef: 'another' },
    ]);
    expect(children.filter((child) => child.awaited)).toEqual([]);
    expect(engine.queue.sent.slice(1)).toMatchObject([
      { message: { jobId: after.children?.[0] }, delaySeconds: 120 },
    ]);
  });
});

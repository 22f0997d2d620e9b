import { describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  NOW,
  requestAt,
  rowOf,
  submitted,
  withStore,
} from '#test/builders/test-engine.ts';
import { failing, testKind } from '#test/builders/test-kinds.ts';
import { PermanentError } from '../errors/attempt-error.ts';
import { verifyChain } from '../evidence/audit-chain.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { messageOf } from '../lifecycle/job-row.ts';
import { overdueSeconds } from '../lifecycle/overdue.ts';
import { STATUSES } from '../lifecycle/transitions.ts';
import { buryDeadLetter } from './bury-dead-letter.ts';
import { reconcile } from './reconcile.ts';
import { retryJob } from './retry-job.ts';
import { runAttempt } from './run-attempt.ts';

const STAFF = callerAs('operator', 'op');

/** A job that has failed for good, once. */
async function failed() {
  const kind = testKind({ process: failing(new PermanentError('no_way', 'no'), 1) });
  const engine = createTestEngine([kind]);
  const { jobId } = await submitted(engine, kind, { payload: { user_id: 'user-1' } });
  await deliverAll(engine);
  return { engine, row: await rowOf(engine, jobId) };
}

describe('retrying a job', () => {
  it('begins a new generation with all its attempts, and sends it', async () => {
    const { engine, row } = await failed();
    engine.time.advance(3600);
    const view = await retryJob(engine, STAFF, row.jobId, requestAt(engine));
    expect(view).toMatchObject({
      status: 'queued',
      generation: 2,
      attempt_count: 0,
      attempt_limit: 4,
      attempts: [{ generation: 1, attempt: 1, outcome: 'failed', error_code: 'no_way' }],
    });
    expect(view).not.toHaveProperty('error_code');
    expect(view).not.toHaveProperty('ended_at');
    expect(engine.queue.sent.at(-1)).toMatchObject({
      message: { jobId: row.jobId, generation: 2 },
      delaySeconds: 0,
    });
    expect(await rowOf(engine, row.jobId)).toMatchObject({ checkAt: addSeconds(NOW, 3720) });
  });

  it('is late from then on only, not since it was first due', async () => {
    const { engine, row } = await failed();
    engine.time.advance(3600);
    const view = await retryJob(engine, STAFF, row.jobId, requestAt(engine));
    expect(view['next_attempt_at']).toBe(addSeconds(NOW, 3600));
    engine.time.advance(30);
    expect(overdueSeconds(await rowOf(engine, row.jobId), engine.clock())).toBe(30);
    await reconcile(engine);
    const overdue = engine.metrics.all.filter(({ name }) => name === 'oldest_overdue');
    expect(Math.max(...overdue.map(({ value }) => value))).toBe(30);
  });

  it('may succeed then; both generations have their outcome, and the chain is whole', async () => {
    const { engine, row } = await failed();
    engine.time.advance(3600);
    await retryJob(engine, STAFF, row.jobId, requestAt(engine));
    engine.time.advance(2);
    await deliverAll(engine);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'succeeded', generation: 2, attempt: 1 });
    expect([...engine.db.outcomes.values()]).toMatchObject([
      { generation: 1, status: 'failed', attempts: 1 },
      { generation: 2, status: 'succeeded', attempts: 1, startedAt: addSeconds(NOW, 3602) },
    ]);
    const chain = await engine.audit.chain(row.jobId);
    expect(verifyChain(chain, after)).toBeUndefined();
    expect(chain.map((entry) => entry.action)).toEqual([
      'job.accepted',
      'job.failed',
      'job.redriven',
      'job.succeeded',
    ]);
  });

  it('counts as one of its user’s open jobs again, while there is room, until it has ended', async () => {
    const { engine, row } = await failed();
    const limited = { ...engine, settings: { userJobLimit: 1 } };
    const open = () => engine.db.open.get(row.userRef ?? '') ?? 0;
    engine.db.countOpen(row.userRef ?? '', 1);
    await expect(retryJob(limited, STAFF, row.jobId, requestAt(engine))).rejects.toMatchObject({
      code: 'too_many_requests',
      headers: { 'retry-after': '30' },
    });
    expect(await rowOf(engine, row.jobId)).toEqual(row);
    engine.db.countOpen(row.userRef ?? '', -1);
    await retryJob(limited, STAFF, row.jobId, requestAt(engine));
    expect(await rowOf(engine, row.jobId)).toHaveProperty('counted', true);
    expect(open()).toBe(1);
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).not.toHaveProperty('counted');
    expect(open()).toBe(0);
  });

  it('is not held back where nobody can ask for its kind, such as for deliveries', async () => {
    const { engine, row } = await failed();
    const [kind] = engine.kinds.values();
    if (!kind) throw new Error('There is no kind.');
    const kinds = new Map([[kind.name, { ...kind, public: false }]]);
    const limited = { ...engine, kinds, settings: { userJobLimit: 1 } };
    engine.db.countOpen(row.userRef ?? '', 1);
    await retryJob(limited, STAFF, row.jobId, requestAt(engine));
    expect(await rowOf(engine, row.jobId)).not.toHaveProperty('counted');
  });

  it('takes away the summary of what it begins anew', async () => {
    const { engine, row } = await failed();
    engine.db.putRow(row, 'half done');
    await retryJob(engine, STAFF, row.jobId, requestAt(engine));
    expect(await rowOf(engine, row.jobId)).not.toHaveProperty('summary');
  });

  it('does not count the hours before it as time in the queue', async () => {
    const { engine, row } = await failed();
    engine.time.advance(3600);
    await retryJob(engine, STAFF, row.jobId, requestAt(engine));
    await deliverAll(engine);
    const waits = engine.metrics.all.filter((metric) => metric.name === 'queue_wait');
    expect(waits.map((metric) => metric.value)).toEqual([0]);
    expect([...engine.db.outcomes.values()].map((outcome) => outcome.queueWaitMs)).toEqual([0, undefined]);
  });

  it('may be sent again from the dead-letter queue as often as before', async () => {
    const { engine, row } = await failed();
    engine.db.putRow({ ...row, resends: 3 });
    await retryJob(engine, STAFF, row.jobId, requestAt(engine));
    expect(await buryDeadLetter(engine, messageOf(await rowOf(engine, row.jobId)))).toBe('resent');
  });

  it('refuses messages of the old generation', async () => {
    const { engine, row } = await failed();
    await retryJob(engine, STAFF, row.jobId, requestAt(engine));
    expect(await runAttempt(engine, messageOf(row))).toEqual({ message: 'delete' });
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'queued', attempt: 0 });
  });

  it('stands although its message is not taken', async () => {
    const { engine, row } = await failed();
    engine.queue.mood = 'throws';
    expect(await retryJob(engine, STAFF, row.jobId, requestAt(engine))).toMatchObject({ status: 'queued' });
  });

  it.each(STATUSES.filter((status) => status !== 'failed'))('that is %s is refused', async (status) => {
    const { engine, row } = await failed();
    engine.db.putRow({ ...row, status });
    await expect(retryJob(engine, STAFF, row.jobId, requestAt(engine))).rejects.toMatchObject({
      code: 'state_conflict',
      message: `A job that is ${status} cannot be retried; only one that is failed.`,
    });
    expect((await rowOf(engine, row.jobId)).generation).toBe(1);
  });

  it('whose window has passed is refused', async () => {
    const { engine, row } = await failed();
    engine.db.putRow({ ...row, expiresAt: addSeconds(NOW, 10) });
    engine.time.advance(10);
    await expect(retryJob(engine, STAFF, row.jobId, requestAt(engine))).rejects.toMatchObject({
      code: 'state_conflict',
    });
  });

  it('asked for twice at the same time happens once', async () => {
    const { engine, row } = await failed();
    const both = await Promise.allSettled([
      retryJob(engine, STAFF, row.jobId, requestAt(engine)),
      retryJob(engine, STAFF, row.jobId, requestAt(engine)),
    ]);
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ generation: 2 });
  });

  it('of somebody else is not found', async () => {
    const { engine, row } = await failed();
    const other = callerAs('patient', 'user-2');
    await expect(retryJob(engine, other, row.jobId, requestAt(engine))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('fails when the store does', async () => {
    const { engine, row } = await failed();
    const away = withStore(engine, { commit: async () => Promise.reject(new Error('away')) });
    await expect(retryJob(away, STAFF, row.jobId, requestAt(engine))).rejects.toThrow('away');
    expect(engine.queue.sent).toHaveLength(1);
  });
});

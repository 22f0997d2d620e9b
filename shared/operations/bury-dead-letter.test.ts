import { describe, expect, it } from 'vitest';
import {
  callerAs,
  counted,
  createTestEngine,
  deliverAll,
  logged,
  NOW,
  requestAt,
  rowOf,
  submitted,
  type TestEngine,
  withStore,
} from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { type JobRow, messageOf } from '../lifecycle/job-row.ts';
import { STATUSES } from '../lifecycle/transitions.ts';
import { buryDeadLetter, MOST_RESENDS } from './bury-dead-letter.ts';
import { cancelJob } from './cancel-job.ts';

/** A job whose row stands as `over` says, with nothing in its queue. */
async function standing(over: Partial<JobRow> = {}) {
  const kind = testKind();
  const engine = createTestEngine([kind]);
  const row = { ...(await submitted(engine, kind)), ...over };
  engine.db.putRow(row);
  engine.queue.held.length = 0;
  engine.queue.sent.length = 0;
  return { engine, row };
}

const untouched = async (engine: TestEngine, row: JobRow) => {
  expect(await rowOf(engine, row.jobId)).toEqual(row);
  expect(engine.queue.sent).toEqual([]);
};

describe('a dead letter', () => {
  it.each(STATUSES.filter((status) => !['queued', 'retrying', 'running'].includes(status)))(
    'of a job that is %s is deleted',
    async (status) => {
      const { engine, row } = await standing({ status });
      expect(await buryDeadLetter(engine, messageOf(row))).toBe('deleted');
      await untouched(engine, row);
      expect(logged(engine, 'dead_letter.deleted')).toMatchObject([{ fields: { reason: status } }]);
    },
  );

  it('of a job that is gone is deleted', async () => {
    const { engine, row } = await standing();
    const gone = { ...messageOf(row), jobId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };
    expect(await buryDeadLetter(engine, gone)).toBe('deleted');
    await untouched(engine, row);
  });

  it('of an older generation is deleted', async () => {
    const { engine, row } = await standing({ generation: 2 });
    expect(await buryDeadLetter(engine, { ...messageOf(row), generation: 1 })).toBe('deleted');
    await untouched(engine, row);
  });

  it('of a job that another attempt works on is deleted: its lease answers for it', async () => {
    const { engine, row } = await standing({ status: 'running', attempt: 4, leaseUntil: addSeconds(NOW, 1) });
    expect(await buryDeadLetter(engine, messageOf(row))).toBe('deleted');
    await untouched(engine, row);
  });

  it.each([
    ['died in its last attempt', { status: 'running', leaseUntil: NOW }, 'worker_died'],
    ['has no attempts left', { status: 'retrying', errorCode: 'timed_out' }, 'timed_out'],
  ] as const)('of a job that %s records it as failed', async (_, over, errorCode) => {
    const { engine, row } = await standing({ ...over, attempt: 4 });
    expect(await buryDeadLetter(engine, messageOf(row))).toBe('failed');
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'failed', errorCode, endedAt: NOW });
    expect([...engine.db.outcomes.values()]).toMatchObject([{ status: 'failed', errorCode, attempts: 4 }]);
    expect((await engine.audit.chain(row.jobId)).at(-1)).toMatchObject({
      action: 'job.buried',
      outcome: 'failure',
    });
    expect(counted(engine, 'dead_letters')).toEqual([1]);
    expect(counted(engine, 'success_rate')).toEqual([0]);
    expect(engine.queue.sent).toEqual([]);
  });

  it('of a job whose receives were burnt is sent again, with all its attempts', async () => {
    const { engine, row } = await standing({ checks: 3 });
    expect(await buryDeadLetter(engine, messageOf(row))).toBe('resent');
    expect(engine.queue.sent).toMatchObject([{ message: messageOf(row), delaySeconds: 0 }]);
    expect(await rowOf(engine, row.jobId)).toMatchObject({
      status: 'queued',
      attempt: 0,
      resends: 1,
      checks: 0,
      checkAt: addSeconds(NOW, 120),
    });
    expect(counted(engine, 'reconciler_repairs')).toEqual([1]);
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'succeeded' });
  });

  it('of a job that is to be tried later is sent again for then, and looked at after then', async () => {
    const nextAttemptAt = addSeconds(NOW, 400);
    const { engine, row } = await standing({ status: 'retrying', attempt: 1, nextAttemptAt });
    expect(await buryDeadLetter(engine, messageOf(row))).toBe('resent');
    expect(engine.queue.sent).toMatchObject([{ delaySeconds: 400 }]);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ checkAt: addSeconds(nextAttemptAt, 120) });
  });

  it('is sent again three times in one generation, then the job is recorded as failed', async () => {
    const { engine, row } = await standing();
    const burials = [];
    for (let times = 0; times < 5; times += 1) burials.push(await buryDeadLetter(engine, messageOf(row)));
    expect(MOST_RESENDS).toBe(3);
    expect(burials).toEqual(['resent', 'resent', 'resent', 'failed', 'deleted']);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'failed', errorCode: 'undeliverable' });
    expect(counted(engine, 'dead_letters')).toEqual([1]);
  });

  it.each([
    ['resent', {}],
    ['failed', { status: 'running', attempt: 4, leaseUntil: NOW }],
  ] as const)('is not called %s when the job moved on meanwhile', async (_, over) => {
    const { engine, row } = await standing(over);
    const overtaken = withStore(engine, {
      read: async (jobId) => {
        const found = await engine.store.read(jobId);
        await cancelJob(engine, callerAs('service', 'client'), jobId, requestAt(engine));
        return found;
      },
    });
    expect(await buryDeadLetter(overtaken, messageOf(row))).toBe('deleted');
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'cancelled' });
    expect(engine.queue.sent).toEqual([]);
    expect(counted(engine, 'dead_letters')).toEqual([]);
    expect(logged(engine, 'dead_letter.deleted')).toHaveLength(1);
  });

  it('comes back when the store cannot be reached or kept it from being recorded', async () => {
    const { engine, row } = await standing({ status: 'retrying', attempt: 4 });
    const away = withStore(engine, { read: async () => Promise.reject(new Error('away')) });
    await expect(buryDeadLetter(away, messageOf(row))).rejects.toThrow('away');
    const busy = withStore(engine, { commit: async () => 'conflict' });
    await expect(buryDeadLetter(busy, messageOf(row))).rejects.toMatchObject({ reason: 'conflict' });
    await untouched(engine, row);
  });
});

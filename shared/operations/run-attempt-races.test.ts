import { describe, expect, it } from 'vitest';
import {
  callerAs,
  counted,
  createTestEngine,
  logged,
  NOW,
  requestAt,
  rowOf,
  submitted,
  type TestEngine,
  withStore,
} from '#test/builders/test-engine.ts';
import { DONE, failing, testKind } from '#test/builders/test-kinds.ts';
import { PermanentError, RetryableError } from '../errors/attempt-error.ts';
import type { Done, RecordWrite } from '../jobs/ports.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { type JobRow, messageOf } from '../lifecycle/job-row.ts';
import { cancelJob } from './cancel-job.ts';
import { retryJob } from './retry-job.ts';
import { runAttempt } from './run-attempt.ts';

const AWAY = new RetryableError('dependency_unavailable', 'away');
const STAFF = callerAs('service', 'client');
const DELETE = { message: 'delete' };
const DROPPED = {
  id: 'r',
  owner: 'o',
  type: 'rollup',
  expect: 'any',
  state: { revision: 1 },
  body: {},
} as const;

/** A job whose work does `meanwhile` before it ends as `end` says. */
async function interrupted(
  meanwhile: (engine: TestEngine, row: JobRow) => Promise<unknown>,
  end: () => Done = () => ({ ...DONE, writes: [DROPPED satisfies RecordWrite] }),
) {
  const holder: { row?: JobRow } = {};
  const kind = testKind({
    process: async () => {
      const { row } = holder;
      delete holder.row;
      if (row) await meanwhile(engine, row);
      return end();
    },
  });
  const engine = createTestEngine([kind]);
  const row = await submitted(engine, kind);
  holder.row = row;
  return { engine, row, end: await runAttempt(engine, messageOf(row)) };
}

describe('a message that must not begin an attempt', () => {
  const setUp = async (process = failing(AWAY)) => {
    const kind = testKind({ process });
    const engine = createTestEngine([kind]);
    return { engine, row: await submitted(engine, kind) };
  };

  it('too early: is put back for what remains', async () => {
    const { engine, row } = await setUp();
    await runAttempt(engine, messageOf(row));
    engine.time.advance(100);
    const end = await runAttempt(engine, messageOf(row));
    expect(end).toEqual({ message: 'keep', visibilitySeconds: 500 });
    expect(await rowOf(engine, row.jobId)).toMatchObject({ attempt: 1, fence: 1 });
    expect(logged(engine, 'message.early')).toHaveLength(1);
  });

  it('a moment too early: comes back after a second, not at once', async () => {
    const engine = createTestEngine([testKind()]);
    const row = await submitted(engine, testKind(), { runAt: addSeconds(NOW, 0.4) });
    expect(await runAttempt(engine, messageOf(row))).toEqual({ message: 'keep', visibilitySeconds: 1 });
  });

  it('days too early: comes back as late as SQS allows', async () => {
    const engine = createTestEngine([testKind()]);
    const row = await submitted(engine, testKind());
    engine.db.putRow({ ...row, dueAt: addSeconds(NOW, 86_400) });
    expect(await runAttempt(engine, messageOf(row))).toEqual({ message: 'keep', visibilitySeconds: 43_200 });
  });

  it.each([
    ['of a job that is gone', { jobId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }],
    ['of an older generation', { generation: 0 }],
  ])('%s: is deleted and counted', async (_, over) => {
    const { engine, row } = await setUp();
    expect(await runAttempt(engine, { ...messageOf(row), ...over })).toEqual(DELETE);
    expect(counted(engine, 'duplicate_deliveries')).toEqual([1]);
    expect(logged(engine, 'message.dropped')).toHaveLength(1);
    expect((await rowOf(engine, row.jobId)).attempt).toBe(0);
  });

  it('while another attempt holds the job: is deleted, and that attempt is not disturbed', async () => {
    const seen: unknown[] = [];
    const { engine, row, end } = await interrupted(async (e, one) => {
      seen.push(await runAttempt(e, messageOf(one)));
    });
    expect(seen).toEqual([DELETE]);
    expect(end).toEqual(DELETE);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'succeeded', attempt: 1 });
    expect(counted(engine, 'duplicate_deliveries')).toEqual([1]);
  });

  it('after the end of its window: the job ends as expired', async () => {
    const engine = createTestEngine([testKind()]);
    const row = await submitted(engine, testKind(), { runAt: addSeconds(NOW, 60) });
    engine.time.advance(60 + 86_400);
    expect(await runAttempt(engine, messageOf(row))).toEqual(DELETE);
    expect(await rowOf(engine, row.jobId)).toMatchObject({
      status: 'expired',
      errorCode: 'window_passed',
      attempt: 0,
    });
    expect([...engine.db.outcomes.values()]).toMatchObject([{ status: 'expired', attempts: 0 }]);
    expect(counted(engine, 'dead_letters')).toEqual([]);
  });

  it('when the last worker died without a word: the job is recorded as failed', async () => {
    const { engine, row } = await setUp();
    const died = { generation: 1, attempt: 4, startedAt: NOW };
    engine.db.putRow({ ...row, status: 'running', attempt: 4, fence: 4, leaseUntil: NOW, attempts: [died] });
    expect(await runAttempt(engine, messageOf(row))).toEqual(DELETE);
    expect(await rowOf(engine, row.jobId)).toMatchObject({
      status: 'failed',
      errorCode: 'worker_died',
      attempts: [{ attempt: 4, outcome: 'died' }],
    });
    expect(counted(engine, 'dead_letters')).toEqual([1]);
    expect(counted(engine, 'success_rate')).toEqual([0]);
  });
});

describe('an attempt that has lost its job', () => {
  it('because a person cancelled it: nothing of it is written', async () => {
    const { engine, row, end } = await interrupted((e, one) => cancelJob(e, STAFF, one.jobId, requestAt(e)));
    expect(end).toEqual(DELETE);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'cancelled', attempts: [{ outcome: 'cancelled' }] });
    expect(await engine.store.result(after)).toBeUndefined();
    expect(engine.db.records.size).toBe(0);
    expect(counted(engine, 'discarded_attempts')).toEqual([1]);
    expect(counted(engine, 'success_rate')).toEqual([]);
  });

  it('because it slept past its lease and another attempt did the work: nothing is written twice', async () => {
    const { engine, row, end } = await interrupted(async (e, one) => {
      e.time.advance(106);
      expect(await runAttempt(e, messageOf(one))).toEqual(DELETE);
    });
    expect(end).toEqual(DELETE);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'succeeded', attempt: 2, fence: 2 });
    expect(engine.db.records.get('o/rollup#r')?.version).toBe(1);
    expect(engine.db.outcomes.size).toBe(1);
    expect(counted(engine, 'discarded_attempts')).toEqual([1]);
    expect(counted(engine, 'success_rate')).toEqual([1]);
  });

  it('cannot record an intent any more, and publishes nothing', async () => {
    const holder: { engine?: TestEngine; row?: JobRow } = {};
    const kind = testKind({
      process: async (_, world) => {
        const { engine, row } = holder;
        if (engine && row) await cancelJob(engine, STAFF, row.jobId, requestAt(engine));
        await world.recordIntent([DROPPED]);
        await world.publisher.publishReminder({} as never); // Never reached.
        return DONE;
      },
    });
    const engine = createTestEngine([kind]);
    Object.assign(holder, { engine, row: await submitted(engine, kind) });
    expect(await runAttempt(engine, messageOf(holder.row as JobRow))).toEqual(DELETE); // Set above.
    expect(engine.publisher.all).toEqual([]);
    expect(engine.db.records.size).toBe(0);
    expect(counted(engine, 'discarded_attempts')).toEqual([1]);
    expect(counted(engine, 'error_rate')).toEqual([]);
  });

  it.each([
    ['again', AWAY],
    ['for good', new PermanentError('no_way', 'no')],
  ])('and fails %s: its failure is not the job’s, and it is counted as discarded', async (_, error) => {
    const { engine, row, end } = await interrupted(
      (e, one) => cancelJob(e, STAFF, one.jobId, requestAt(e)),
      () => {
        throw error;
      },
    );
    expect(end).toEqual(DELETE);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'cancelled' });
    expect(counted(engine, 'discarded_attempts')).toEqual([1]);
    expect(logged(engine, 'attempt.discarded')).toHaveLength(1);
    expect(counted(engine, 'error_rate')).toEqual([]);
    expect(counted(engine, 'retry_count')).toEqual([]);
  });

  it('and was replaced by a new generation: its end is refused', async () => {
    const { engine, row } = await interrupted(async (e, one) => {
      // Its lease dies, the job fails, and a person retries it, all while it sleeps.
      const standing = await rowOf(e, one.jobId);
      e.db.putRow({ ...standing, status: 'failed', attempt: 4 });
      await retryJob(e, STAFF, one.jobId, requestAt(e));
    });
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'queued', generation: 2, attempt: 0 });
    expect(engine.db.records.size).toBe(0);
  });
});

describe('an answer that got lost', () => {
  it('after the final transaction took effect: the job has succeeded, and is not failed afterwards', async () => {
    const kind = testKind();
    const engine = createTestEngine([kind]);
    const row = await submitted(engine, kind);
    let calls = 0;
    const lossy = withStore(engine, {
      commit: async (change) => {
        const answer = await engine.store.commit(change);
        calls += 1;
        if (calls === 1) throw AWAY;
        return answer;
      },
    });
    expect(await runAttempt(lossy, messageOf(row))).toEqual(DELETE);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'succeeded', attempt: 1 });
    expect(counted(engine, 'error_rate')).toEqual([]);
    expect(counted(engine, 'retry_count')).toEqual([]);
  });

  it('of the claim: the lease ends by itself and the next receive is the second attempt', async () => {
    const kind = testKind();
    const engine = createTestEngine([kind]);
    const row = await submitted(engine, kind);
    const lossy = withStore(engine, {
      claim: async (request) => {
        await engine.store.claim(request);
        throw AWAY;
      },
    });
    await expect(runAttempt(lossy, messageOf(row))).rejects.toThrow('away');
    engine.time.advance(600);
    expect(await runAttempt(engine, messageOf(row))).toEqual(DELETE);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'succeeded', attempt: 2 });
  });

  it.each(['fail', 'retryLater', 'bury'])('a conflict at %s keeps the message', async (event) => {
    const error = event === 'fail' ? new PermanentError('no_way', 'no') : AWAY;
    const kind = testKind({ process: failing(error) });
    const engine = createTestEngine([kind]);
    const row = await submitted(engine, kind);
    if (event === 'bury') engine.db.putRow({ ...row, status: 'retrying', attempt: 4 });
    const busy = withStore(engine, { commit: async () => 'conflict' });
    await expect(runAttempt(busy, messageOf(row))).rejects.toMatchObject({ reason: 'conflict' });
  });
});

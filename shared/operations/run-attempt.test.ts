import { describe, expect, it } from 'vitest';
import {
  callerAs,
  counted,
  createTestEngine,
  deliverAll,
  deliverNext,
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
import { verifyChain } from '../evidence/audit-chain.ts';
import type { JobKind } from '../jobs/define-job-kind.ts';
import { type RecordWrite, SYSTEM_OWNER } from '../jobs/ports.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { type JobRow, messageOf } from '../lifecycle/job-row.ts';
import { retryJob } from './retry-job.ts';
import { runAttempt } from './run-attempt.ts';

const AWAY = new RetryableError('dependency_unavailable', 'away');
const actions = async (engine: TestEngine, row: JobRow) =>
  (await engine.audit.chain(row.jobId)).map((entry) => entry.action);
const outcomes = (engine: TestEngine) => [...engine.db.outcomes.values()];

async function jobOf(kind: JobKind, over = {}) {
  const engine = createTestEngine([kind]);
  return { engine, row: await submitted(engine, kind, over) };
}

describe('an attempt that succeeds', () => {
  it('writes status, result, records, outcome and audit entry, and deletes the message', async () => {
    const write: RecordWrite = {
      type: 'rollup',
      owner: SYSTEM_OWNER,
      id: 'r',
      expect: 'absent',
      state: { revision: 1 },
      body: {},
    };
    const clocked: { advance?: (seconds: number) => void } = {};
    const kind = testKind({
      process: async () => {
        clocked.advance?.(2);
        return { ...DONE, writes: [write] };
      },
    });
    const { engine, row } = await jobOf(kind, { payload: { user_id: 'user-1' } });
    clocked.advance = engine.time.advance;
    engine.time.advance(3);
    expect(await deliverNext(engine)).toMatchObject({ end: { message: 'delete' } });

    const after = await rowOf(engine, row.jobId);
    const [startedAt, endedAt] = [addSeconds(NOW, 3), addSeconds(NOW, 5)];
    expect(after).toMatchObject({
      status: 'succeeded',
      endedAt,
      attempts: [{ generation: 1, attempt: 1, startedAt, endedAt, outcome: 'succeeded' }],
    });
    expect(after).not.toHaveProperty('checkAt');
    expect(after).not.toHaveProperty('leaseUntil');
    expect(await engine.store.result(after)).toEqual({ fine: true });
    expect(await engine.store.summaries([after])).toEqual(new Map([[row.jobId, 'done']]));
    expect(engine.db.records.size).toBe(1);
    expect(outcomes(engine)).toEqual([
      {
        jobId: row.jobId,
        generation: 1,
        kind: 'work',
        priority: 'MEDIUM',
        status: 'succeeded',
        createdAt: NOW,
        dueAt: NOW,
        startedAt,
        endedAt,
        executionMs: 2000,
        queueWaitMs: 3000,
        attempts: 1,
        userRef: row.userRef,
      },
    ]);
    expect(await actions(engine, row)).toEqual(['job.accepted', 'job.succeeded']);
    expect(verifyChain(await engine.audit.chain(row.jobId), after)).toBeUndefined();
  });

  it('counts what it took, once', async () => {
    const { engine } = await jobOf(testKind());
    engine.time.advance(4);
    await deliverAll(engine);
    const dimensions = { kind: 'work', priority: 'MEDIUM' };
    expect(engine.metrics.all).toEqual([
      { name: 'queue_wait', value: 4000, unit: 'Milliseconds', priority: 'MEDIUM' },
      { name: 'error_rate', value: 0, unit: 'Count', ...dimensions },
      { name: 'success_rate', value: 1, unit: 'Count', ...dimensions },
      { name: 'execution_time', value: 0, unit: 'Milliseconds', ...dimensions },
    ]);
  });
});

describe('what an attempt counts of its work', () => {
  const counts = { reminders_published: 1, reminders_on_time: 0, findings_major: 3 };

  it('is counted once it is committed', async () => {
    const { engine } = await jobOf(testKind({ process: async () => ({ ...DONE, counts }) }));
    await deliverAll(engine);
    expect(counted(engine, 'reminders_published')).toEqual([1]);
    // A share is written as 0 as well, a number as it is, and what is not named not at all.
    expect(counted(engine, 'reminders_on_time')).toEqual([0]);
    expect(counted(engine, 'findings_major')).toEqual([3]);
    expect(counted(engine, 'reminders_late')).toEqual([]);
  });

  it('is not counted when nothing of it was written', async () => {
    const { engine, row } = await jobOf(testKind({ process: async () => ({ ...DONE, counts }) }));
    await runAttempt(withStore(engine, { commit: async () => 'lost' }), messageOf(row));
    expect(counted(engine, 'reminders_published')).toEqual([]);
  });
});

describe('an attempt that fails in a way that another one can help', () => {
  it('is recorded and its message kept for the retry delay', async () => {
    const { engine, row } = await jobOf(testKind({ process: failing(AWAY) }));
    expect(await deliverNext(engine)).toMatchObject({ end: { message: 'keep', visibilitySeconds: 600 } });
    const nextAttemptAt = addSeconds(NOW, 600);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({
      status: 'retrying',
      nextAttemptAt,
      checkAt: addSeconds(nextAttemptAt, 60),
      errorCode: 'dependency_unavailable',
      attempts: [{ attempt: 1, outcome: 'retry', errorCode: 'dependency_unavailable', endedAt: NOW }],
    });
    expect(outcomes(engine)).toEqual([]);
    expect(counted(engine, 'error_rate')).toEqual([1]);
    expect(counted(engine, 'retry_count')).toEqual([1]);
    expect(counted(engine, 'success_rate')).toEqual([]);
  });

  it('includes what nobody foresaw: its line says where it came from, without a word of its message', async () => {
    const process = async () => JSON.parse('{secret of a patient');
    const { engine, row } = await jobOf(testKind({ process }));
    await deliverAll(engine);
    const { fields } = engine.log.all.find(({ event }) => event === 'attempt.retrying') ?? {};
    expect(fields).toMatchObject({ error_code: 'unexpected', error_name: 'SyntaxError' });
    expect(fields?.['error_at']).toMatch(/^at JSON\.parse .*run-attempt\.test\.ts/);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'retrying', errorCode: 'unexpected' });
    const told = JSON.stringify([after, engine.log.all, [...engine.db.audit.values()]]);
    expect(told).not.toContain('secret');
  });

  it('is followed by one that may succeed, and then carries no error any more', async () => {
    const { engine, row } = await jobOf(testKind({ process: failing(AWAY, 1) }));
    await deliverAll(engine);
    engine.time.advance(600);
    await deliverAll(engine);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'succeeded', attempt: 2 });
    expect(after).not.toHaveProperty('errorCode');
    expect(after.attempts.map((attempt) => attempt.outcome)).toEqual(['retry', 'succeeded']);
  });

  it.each([
    ['CRITICAL', 6, 60],
    ['HIGH', 4, 300],
    ['MEDIUM', 4, 600],
    ['LOW', 3, 1800],
  ] as const)('%s: makes exactly %d attempts, %d s apart, then fails', async (priority, limit, delay) => {
    const { engine, row } = await jobOf(testKind({ priority, process: failing(AWAY) }));
    const ends = await deliverAll(engine);
    for (let tries = 1; tries < limit; tries += 1) {
      engine.time.advance(delay - 6);
      expect(await deliverAll(engine)).toEqual([]);
      engine.time.advance(6);
      ends.push(...(await deliverNext(engine).then((next) => (next ? [next.end] : []))));
    }
    expect(ends).toEqual([
      ...Array.from({ length: limit - 1 }, () => ({ message: 'keep', visibilitySeconds: delay })),
      // The redrive policy moves the message within seconds.
      { message: 'keep', visibilitySeconds: 0 },
    ]);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'failed', attempt: limit, errorCode: 'dependency_unavailable' });
    expect(outcomes(engine)).toMatchObject([{ status: 'failed', attempts: limit }]);
    expect(counted(engine, 'dead_letters')).toEqual([1]);
    expect(counted(engine, 'success_rate')).toEqual([0]);
    expect(counted(engine, 'error_rate')).toHaveLength(limit);
    // Whatever still comes finds the job ended.
    expect(await runAttempt(engine, messageOf(row))).toEqual({ message: 'delete' });
    expect((await rowOf(engine, row.jobId)).attempt).toBe(limit);
  });
});

describe('an attempt that finds that another job has to end first', () => {
  const TAKEN = new RetryableError('backup_running', 'taken');

  it('is none: however often it comes, it comes again, by a message of its own', async () => {
    const { engine, row } = await jobOf(testKind({ process: failing(TAKEN, 9) }));
    for (let round = 0; round < 9; round += 1) {
      expect(await deliverNext(engine)).toMatchObject({ end: { message: 'delete' } });
      const nextAttemptAt = addSeconds(engine.clock(), 600);
      expect(await rowOf(engine, row.jobId)).toMatchObject({
        status: 'retrying',
        attempt: 0,
        nextAttemptAt,
        checkAt: addSeconds(nextAttemptAt, 60),
        errorCode: 'backup_running',
      });
      expect(engine.queue.held).toMatchObject([{ message: messageOf(row) }]);
      expect(await deliverNext(engine)).toBeUndefined();
      engine.time.advance(600);
    }
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'succeeded', attempt: 1 });
    expect(counted(engine, 'retry_count')).toEqual([]);
    expect(counted(engine, 'error_rate')).toEqual(Array(10).fill(0));
    const chain = await engine.audit.chain(row.jobId);
    expect(chain.filter(({ action }) => action === 'job.retrying')).toHaveLength(9);
    expect(verifyChain(chain, await rowOf(engine, row.jobId))).toBeUndefined();
  });

  it('ends with a clear error when the other one has not ended after three days, and waits anew when a person retries it', async () => {
    const { engine, row } = await jobOf(testKind({ process: failing(TAKEN, 1_000) }));
    const wait = async (seconds: number) => {
      engine.time.advance(seconds);
      await deliverAll(engine);
      return rowOf(engine, row.jobId);
    };
    expect(await wait(0)).toMatchObject({ status: 'retrying', waitsSince: NOW });
    expect(await wait(3 * 86_400 - 1)).toMatchObject({ status: 'retrying', waitsSince: NOW });
    const ended = await wait(600);
    expect(ended).toMatchObject({ status: 'failed', errorCode: 'waited_too_long', attempt: 1 });
    expect(ended).not.toHaveProperty('waitsSince');
    expect(outcomes(engine)).toMatchObject([{ status: 'failed', errorCode: 'waited_too_long' }]);
    expect(counted(engine, 'dead_letters')).toEqual([]);
    await retryJob(engine, callerAs('admin'), row.jobId, requestAt(engine));
    expect(await wait(3_600)).toMatchObject({ status: 'retrying', errorCode: 'backup_running' });
  });

  it('ends when its own window is over, if that is sooner', async () => {
    const { engine, row } = await jobOf(testKind({ process: failing(TAKEN, 9) }));
    engine.db.putRow({ ...row, expiresAt: addSeconds(NOW, 900) });
    await deliverAll(engine);
    engine.time.advance(900);
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'expired', errorCode: 'window_passed' });
  });

  it('comes again within the longest delay of a message', async () => {
    const { engine, row } = await jobOf(testKind({ priority: 'LOW', process: failing(TAKEN, 1) }));
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ nextAttemptAt: addSeconds(NOW, 900) });
    engine.time.advance(900);
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'succeeded' });
  });
});

describe('an attempt that fails for good', () => {
  it('ends the job at once and burns no retries', async () => {
    const { engine, row } = await jobOf(testKind({ process: failing(new PermanentError('no_way', 'no')) }));
    expect(await deliverNext(engine)).toMatchObject({ end: { message: 'delete' } });
    expect(await rowOf(engine, row.jobId)).toMatchObject({
      status: 'failed',
      errorCode: 'no_way',
      attempt: 1,
    });
    expect(counted(engine, 'dead_letters')).toEqual([]);
    expect(counted(engine, 'success_rate')).toEqual([0]);
    expect(engine.queue.held).toEqual([]);
  });

  it('includes a kind that this version does not have', async () => {
    const { engine, row } = await jobOf(testKind());
    await runAttempt({ ...engine, kinds: new Map() }, messageOf(row));
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'failed', errorCode: 'unknown_kind' });
  });
});

describe('an attempt that ends without doing its work', () => {
  it.each([
    ['expired', 'job.expired', [0]],
    ['superseded', 'job.superseded', []],
  ] as const)('says so: %s', async (end, action, success) => {
    const process = async () => ({ end, reason: 'not_wanted' }) as const;
    const { engine, row } = await jobOf(testKind({ process }));
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({
      status: end,
      errorCode: 'not_wanted',
      attempts: [{ outcome: end }],
    });
    expect(outcomes(engine)).toMatchObject([{ status: end, errorCode: 'not_wanted' }]);
    expect((await actions(engine, row)).at(-1)).toBe(action);
    expect(counted(engine, 'error_rate')).toEqual([0]);
    expect(counted(engine, 'success_rate')).toEqual(success);
    expect(logged(engine, 'attempt.ended')).toHaveLength(1);
  });
});

describe('a record that moves while an attempt works', () => {
  const write = (expect: number | 'absent'): RecordWrite => ({
    type: 'rollup',
    owner: SYSTEM_OWNER,
    id: 'r',
    expect,
    state: { revision: 1 },
    body: {},
  });
  /** Reads the record, is overtaken by another writer in its first `overtaken` rounds, and writes what it read. */
  const overtakenKind = (engine: () => TestEngine, overtaken: number) => {
    let rounds = 0;
    return testKind({
      process: async (_, world) => {
        const [read] = await world.records.readMany([{ type: 'rollup', owner: SYSTEM_OWNER, id: 'r' }]);
        rounds += 1;
        if (rounds <= overtaken) await engine().schedules.commit([{ ...write('absent'), expect: 'any' }], []);
        return { ...DONE, result: { rounds }, writes: [write(read?.version ?? 'absent')] };
      },
    });
  };

  it('lets it do its work over, with what stands now', async () => {
    const holder: { engine?: TestEngine } = {};
    const kind = overtakenKind(() => holder.engine as TestEngine, 2); // Set before the attempt runs.
    const { engine, row } = await jobOf(kind);
    holder.engine = engine;
    await deliverAll(engine);
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'succeeded', attempt: 1 });
    expect(await engine.store.result(after)).toEqual({ rounds: 3 });
  });

  it('and keeps moving, costs it a retry', async () => {
    const holder: { engine?: TestEngine } = {};
    const kind = overtakenKind(() => holder.engine as TestEngine, 99); // Set before the attempt runs.
    const { engine, row } = await jobOf(kind);
    holder.engine = engine;
    await deliverAll(engine);
    expect(await rowOf(engine, row.jobId)).toMatchObject({ status: 'retrying', errorCode: 'conflict' });
  });
});

describe('a store that cannot be reached', () => {
  it('at the claim: the attempt throws and the message comes back by itself', async () => {
    const { engine, row } = await jobOf(testKind());
    const away = withStore(engine, { claim: async () => Promise.reject(AWAY) });
    await expect(runAttempt(away, messageOf(row))).rejects.toThrow('away');
    expect(await rowOf(engine, row.jobId)).toEqual(row);
  });

  it('at the commit, for good: the lease ends and another attempt does it', async () => {
    const { engine, row } = await jobOf(testKind());
    const away = withStore(engine, { commit: async () => Promise.reject(AWAY) });
    await expect(runAttempt(away, messageOf(row))).rejects.toThrow('away');
    engine.time.advance(600);
    expect(await runAttempt(engine, messageOf(row))).toEqual({ message: 'delete' });
    const after = await rowOf(engine, row.jobId);
    expect(after).toMatchObject({ status: 'succeeded', attempt: 2 });
    expect(after.attempts).toMatchObject([
      { attempt: 1, outcome: 'died', errorCode: 'worker_died' },
      { attempt: 2, outcome: 'succeeded' },
    ]);
    expect((await engine.audit.chain(row.jobId)).at(-1)?.details).toMatchObject({ attempts_died: 1 });
  });
});

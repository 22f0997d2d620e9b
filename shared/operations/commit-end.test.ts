import { beforeEach, describe, expect, it } from 'vitest';
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
import { PermanentError, RetryableError } from '../errors/attempt-error.ts';
import { verifyChain } from '../evidence/audit-chain.ts';
import type { OccurrenceStatus } from '../jobs/ports.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { reminderDelivery } from '../jobs/reminder-delivery/index.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { type JobRow, messageOf } from '../lifecycle/job-row.ts';
import { buryDeadLetter } from './bury-dead-letter.ts';
import { cancelJob } from './cancel-job.ts';
import { retryJob } from './retry-job.ts';

const ID = `2026-11-23_2055_medication`;
const AWAY = new RetryableError('dependency_unavailable', 'away');

let engine: TestEngine;
let owner: string;
beforeEach(() => {
  engine = createTestEngine(JOB_KINDS);
  owner = engine.refs.user('user-1');
});

/** A delivery of one dose, as the tick orders it, whose row stands as `over` says. */
async function delivery(status: OccurrenceStatus = 'scheduled', over: Partial<JobRow> = {}): Promise<JobRow> {
  const medication = engine.refs.medication('user-1', 'med-1');
  const ids = { userId: 'user-1', medicationId: 'med-1' };
  engine.db.applyWrites([
    {
      type: 'medication',
      owner,
      id: medication,
      expect: 'any',
      state: { status: 'active' },
      body: ids,
    },
    {
      type: 'schedule',
      owner,
      id: medication,
      expect: 'any',
      state: { status: 'active', nextDueAt: null, acceptedAt: NOW, revision: 1 },
      body: {
        ...ids,
        frequency: 'QD',
        times: ['20:55'],
        timeZone: 'UTC',
        startDate: '2026-11-23',
        tzdataVersion: 't',
      },
    },
    {
      type: 'occurrence',
      owner,
      id: ID,
      expect: 'any',
      state: { status, dueAt: NOW, scheduleRevision: 1, reason: null },
      body: { ...ids, localTime: '2026-11-23T20:55:41', timeZone: 'UTC', slots: ['20:55'] },
    },
  ]);
  const row = await submitted(engine, reminderDelivery, {
    payload: {
      user_id: 'user-1',
      medication_id: 'med-1',
      occurrence_id: ID,
      schedule_revision: 1,
      due_at: NOW,
      expires_at: addSeconds(NOW, 6 * 3600),
    },
  });
  engine.db.putRow({ ...row, ...over });
  return rowOf(engine, row.jobId);
}

const occurrence = () => engine.db.occurrence(owner, ID);
const statusOf = async (row: JobRow) => (await rowOf(engine, row.jobId)).status;
const breaks = (error: Error) => {
  engine.publisher.publishReminder = () => Promise.reject(error);
};
const cancel = (row: JobRow) =>
  cancelJob(engine, callerAs('service', 'client'), row.jobId, requestAt(engine));

/** How the engine ends a job by itself, and which status that is. */
const ENDS = {
  'its last attempt fails before it tells anything': async () => {
    const row = await delivery('scheduled', { attempt: 5 });
    engine.records.readMany = () => Promise.reject(AWAY);
    await deliverNext(engine);
    return row;
  },
  'no attempt can help': async () => {
    const row = await delivery();
    engine.records.readMany = () => Promise.reject(new PermanentError('made_to_fail', 'never'));
    await deliverNext(engine);
    return row;
  },
  'the dead-letter function buries it': async () => {
    const row = await delivery('scheduled', { status: 'retrying', attempt: 6 });
    await buryDeadLetter(engine, messageOf(row));
    return row;
  },
  'its messages die without an attempt': async () => {
    const row = await delivery('scheduled', { resends: 3 });
    await buryDeadLetter(engine, messageOf(row));
    return row;
  },
  'its attempts are used up when its message comes': async () => {
    const row = await delivery('scheduled', { status: 'running', attempt: 6, leaseUntil: NOW });
    await deliverNext(engine);
    return row;
  },
} as const;

describe('a delivery that the engine ends', () => {
  it.each(Object.entries(ENDS))('when %s leaves its dose not sent', async (_, end) => {
    const row = await end();
    const after = await rowOf(engine, row.jobId);
    expect(after.status).toBe('failed');
    expect(occurrence()).toMatchObject({
      version: 2,
      state: { status: 'not_sent', reason: 'delivery_failed' },
      body: { slots: ['20:55'] },
    });
    expect(counted(engine, 'reminders_not_sent')).toEqual([1]);
    expect(counted(engine, 'records_left_open')).toEqual([]);
    expect(verifyChain(await engine.audit.chain(row.jobId), after)).toBeUndefined();
  });

  it('after its window leaves its dose too late', async () => {
    const row = await delivery('scheduled', { expiresAt: addSeconds(NOW, 60) });
    engine.time.advance(60);
    await deliverNext(engine);
    expect(await statusOf(row)).toBe('expired');
    expect(occurrence()).toMatchObject({ state: { status: 'not_sent', reason: 'too_late' } });
    expect(counted(engine, 'reminders_not_sent')).toEqual([1]);
  });

  it('because a person cancels it leaves its dose cancelled, which is no failure of ours', async () => {
    const row = await delivery();
    await cancel(row);
    expect(await statusOf(row)).toBe('cancelled');
    expect(occurrence()).toMatchObject({ state: { status: 'not_sent', reason: 'cancelled' } });
    expect(counted(engine, 'reminders_not_sent')).toEqual([]);
  });

  it.each([
    ['fails', () => deliverNext(engine)],
    ['is cancelled', (row: JobRow) => cancel(row)],
    ['is buried', (row: JobRow) => buryDeadLetter(engine, messageOf({ ...row }))],
  ])('and %s while it may have told the dose says that this is uncertain', async (how, end) => {
    const buried = how === 'is buried' && { status: 'retrying' as const, attempt: 6 };
    const row = await delivery('sending', buried || { attempt: 5 });
    breaks(AWAY);
    await end(row);
    expect(occurrence()).toMatchObject({ state: { status: 'not_sent', reason: 'delivery_uncertain' } });
  });

  it.each(['published', 'taken'] as const)('leaves a dose alone that is %s', async (status) => {
    const row = await delivery(status);
    await cancel(row);
    expect(await statusOf(row)).toBe('cancelled');
    expect(occurrence()).toMatchObject({ version: 1, state: { status } });
  });

  it('leaves a dose alone that a newer schedule has taken over', async () => {
    const row = await delivery();
    const taken = occurrence();
    if (!taken) throw new Error('No occurrence stands.');
    engine.db.applyWrites([{ ...taken, owner, expect: 1, state: { ...taken.state, scheduleRevision: 2 } }]);
    await cancel(row);
    expect(occurrence()).toMatchObject({ version: 2, state: { status: 'scheduled' } });
  });

  it('can be retried by a person, and then tells the dose', async () => {
    const row = await delivery('scheduled', { attempt: 5 });
    const { publishReminder } = engine.publisher;
    breaks(AWAY);
    await deliverNext(engine);
    engine.publisher.publishReminder = publishReminder;
    expect(occurrence()).toMatchObject({ state: { status: 'not_sent' } });
    await retryJob(engine, callerAs('service', 'client'), row.jobId, requestAt(engine));
    engine.queue.held.splice(0, 1);
    await deliverAll(engine);
    expect(await statusOf(row)).toBe('succeeded');
    expect(engine.publisher.all).toMatchObject([{ possible_duplicate: true }]);
    expect(occurrence()).toMatchObject({ state: { status: 'published', reason: null } });
  });
});

describe('a dose that cannot be closed at once', () => {
  it('is read again when it moves between reading and writing', async () => {
    const row = await delivery();
    let moves = 0;
    const { answeredRecord } = engine.store;
    engine.store.answeredRecord = async (of) => {
      const read = await answeredRecord(of);
      const stands = occurrence();
      moves += 1;
      // A worker begins to tell it at that very moment.
      if (moves === 1 && stands)
        engine.db.applyWrites([
          { ...stands, owner, expect: 1, state: { ...stands.state, status: 'sending' } },
        ]);
      return read;
    };
    await cancel(row);
    expect(moves).toBe(2);
    expect(occurrence()).toMatchObject({
      version: 3,
      state: { status: 'not_sent', reason: 'delivery_uncertain' },
    });
  });

  it.each([
    ['cannot be read', { answeredRecord: () => Promise.reject(new TypeError('unreadable')) }, 'TypeError'],
    ['keeps moving', { answeredRecord: async () => moved() }, 'conflict'],
  ])('and %s does not keep the job from ending, which is logged and counted', async (_, calls, why) => {
    const row = await delivery('scheduled', { status: 'retrying', attempt: 6 });
    expect(await buryDeadLetter(withStore(engine, calls), messageOf(row))).toBe('failed');
    expect(await statusOf(row)).toBe('failed');
    expect(occurrence()).toMatchObject({ version: 1, state: { status: 'scheduled' } });
    expect(counted(engine, 'records_left_open')).toEqual([1]);
    expect(logged(engine, 'record.left_open')).toMatchObject([
      { fields: { job_id: row.jobId, kind: 'reminder-delivery', status: 'failed', error_name: why } },
    ]);
  });

  it('is closed, and counted once, although the answer to closing it got lost', async () => {
    const row = await delivery('scheduled', { status: 'retrying', attempt: 6 });
    let commits = 0;
    const flaky = withStore(engine, {
      commit: async (change) => {
        commits += 1;
        if (commits > 1) return 'committed';
        await engine.store.commit(change);
        throw AWAY;
      },
    });
    expect(await buryDeadLetter(flaky, messageOf(row))).toBe('failed');
    expect(occurrence()).toMatchObject({ version: 2, state: { status: 'not_sent' } });
    expect(counted(engine, 'reminders_not_sent')).toEqual([1]);
    expect(counted(engine, 'records_left_open')).toEqual([]);
  });

  it('does not end a job that cannot be recorded at all', async () => {
    const row = await delivery('scheduled', { status: 'retrying', attempt: 6 });
    const away = withStore(engine, { commit: () => Promise.reject(AWAY) });
    await expect(buryDeadLetter(away, messageOf(row))).rejects.toBe(AWAY);
    expect(await statusOf(row)).toBe('retrying');
    expect(occurrence()).toMatchObject({ version: 1 });
  });
});

const moved = () => ({
  version: 99,
  state: { status: 'scheduled' as const, dueAt: NOW, scheduleRevision: 1, reason: null },
});

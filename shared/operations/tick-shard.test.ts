import { beforeEach, describe, expect, it } from 'vitest';
import { setReminder } from '#test/builders/reminders.ts';
import {
  callerAs,
  counted,
  createTestEngine,
  deliverAll,
  logged,
  requestAt,
  type TestEngine,
  withSchedules,
} from '#test/builders/test-engine.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { addSeconds, secondsBetween } from '../lifecycle/instant.ts';
import { stopMedication } from './stop-medication.ts';
import { LOOK_AHEAD_SECONDS, tickShard } from './tick-shard.ts';

const START = '2026-06-01T07:00:00.000Z';
const DUE = '2026-06-01T08:00:00.000Z';
const SHARD = 0;

let engine: TestEngine;
beforeEach(() => {
  engine = createTestEngine(JOB_KINDS, { start: START, dueShards: 1 });
});

/** Sets reminders at those times of every day. */
const schedule = (
  times: readonly string[],
  over: { end_date?: string; late_window_minutes?: number } = {},
  medicationId = 'med-1',
) =>
  setReminder(engine, {
    medicationId,
    schedule: { frequency: `${times.length} times a day`, times, time_zone: 'UTC', ...over },
  });

const tickAt = (time: string, deps = engine) => {
  engine.time.set(time);
  return tickShard(deps, SHARD);
};
const deliveries = () => [...engine.db.rows.values()].filter((row) => row.kind === 'reminder-delivery');
const occurrences = () =>
  [...engine.db.records.values()].flatMap(
    (record) =>
      record.type === 'occurrence' ? [record.state as { status: string; reason: string | null }] : [], // Its type says so.
  );

describe('a shard’s worker', () => {
  it('orders a dose five minutes ahead, delayed until it is due', async () => {
    await schedule(['08:00']);
    expect(await tickAt(addSeconds(DUE, -360))).toEqual({ made: 0, notSent: 0 });
    expect(await tickAt(addSeconds(DUE, -LOOK_AHEAD_SECONDS))).toEqual({ made: 1, notSent: 0 });
    expect(deliveries()).toMatchObject([{ status: 'queued', priority: 'CRITICAL', dueAt: DUE }]);
    expect(engine.queue.sent.at(-1)).toMatchObject({ delaySeconds: 300, message: { priority: 'CRITICAL' } });
    expect(occurrences()).toMatchObject([{ status: 'scheduled' }]);
    expect(engine.publisher.all).toEqual([]);
  });

  it('has every dose carry on the correlation id of the request that asked for its schedule', async () => {
    await schedule(['08:00', '20:00']);
    const [asked] = [...engine.db.rows.values()].filter((row) => row.kind === 'medication-reminder');
    await tickAt(addSeconds(DUE, -LOOK_AHEAD_SECONDS));
    await tickAt(addSeconds(DUE, 12 * 3_600 - LOOK_AHEAD_SECONDS));
    expect(deliveries().map((row) => row.correlationId)).toEqual([
      asked?.correlationId,
      asked?.correlationId,
    ]);
    expect(asked?.correlationId).toMatch(/./);
  });

  it('orders each dose once, however often it is started', async () => {
    await schedule(['08:00']);
    await tickAt(addSeconds(DUE, -300));
    await Promise.all([tickShard(engine, SHARD), tickShard(engine, SHARD)]);
    engine.db.watermarks.clear();
    await tickAt(addSeconds(DUE, -240));
    expect(deliveries()).toHaveLength(1);
  });

  it('catches up by itself after ticks that were missed: what is late is told as late', async () => {
    await schedule(['08:00', '20:00']);
    await tickAt(addSeconds(DUE, -1800));
    await tickAt(addSeconds(DUE, 3600));
    await deliverAll(engine);
    expect(engine.publisher.all).toMatchObject([{ due_at: DUE, late: true, possible_duplicate: false }]);
    // From the minute where it stood to five minutes ahead.
    expect(counted(engine, 'tick_lag').at(-1)).toBe(5400 - 60);
  });

  it('records what it finds after its window as not sent, and goes on with the next dose', async () => {
    await schedule(['08:00', '12:00'], { late_window_minutes: 120 });
    await tickAt(addSeconds(DUE, -1800));
    const found = await tickAt(addSeconds(DUE, 2 * 3600));
    expect(found).toEqual({ made: 0, notSent: 1 });
    expect(occurrences()).toMatchObject([{ status: 'not_sent', reason: 'too_late' }]);
    expect(counted(engine, 'reminders_not_sent')).toEqual([1]);
    expect(logged(engine, 'tick.not_sent')).toMatchObject([{ fields: { shard: SHARD, count: 1 } }]);
    await tickAt(addSeconds(DUE, 4 * 3600 - 300));
    await tickAt(addSeconds(DUE, 4 * 3600));
    await deliverAll(engine);
    expect(engine.publisher.all).toMatchObject([{ due_at: addSeconds(DUE, 4 * 3600), late: false }]);
  });

  it('makes more doses at once than one transaction holds', async () => {
    engine.time.advance(30);
    await schedule(Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`));
    await tickAt(addSeconds(START, 60));
    const sizes: number[] = [];
    const counting = withSchedules(engine, {
      commit: async (writes, jobs, audit) => {
        // A due bucket's entry beside the schedule; row, payload and audit entry of each job.
        sizes.push(writes.length + 1 + jobs.length * 3);
        return engine.schedules.commit(writes, jobs, audit);
      },
    });
    // Two days without a tick: 48 doses, of which only the last one’s window has not passed.
    const found = await tickAt(addSeconds(START, 2 * 86_400), counting);
    expect(sizes).toHaveLength(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(found.made + found.notSent).toBe(48);
    expect(found.made).toBe(1);
    expect(new Set(occurrences()).size).toBe(48);
  });

  it('sends the messages that a worker could not send after its transaction had stood', async () => {
    await schedule(['08:00']);
    const breaking = withSchedules(engine, {
      commit: async (...args) => {
        await engine.schedules.commit(...args);
        throw new Error('the answer got lost');
      },
    });
    await expect(tickAt(addSeconds(DUE, -300), breaking)).rejects.toThrow('the answer got lost');
    expect(deliveries()).toHaveLength(1);
    const before = engine.queue.sent.length;
    expect(await tickAt(addSeconds(DUE, -240))).toEqual({ made: 0, notSent: 0 });
    expect(engine.queue.sent.slice(before)).toMatchObject([
      { delaySeconds: 240, message: { jobId: deliveries()[0]?.jobId } },
    ]);
    engine.time.set(DUE);
    await deliverAll(engine);
    expect(engine.publisher.all).toMatchObject([{ due_at: DUE, late: false, possible_duplicate: false }]);
  });

  it('never orders a dose a second time of which an occurrence stands already', async () => {
    await schedule(['08:00']);
    const [owner, medication] = [engine.refs.user('user-1'), engine.refs.medication('user-1', 'med-1')];
    const state = { status: 'published', dueAt: DUE, scheduleRevision: 1, reason: null } as const;
    const body = { userId: 'user-1', medicationId: 'med-1', localTime: '08:00', timeZone: 'UTC', slots: [] };
    const id = `2026-06-01_0800_${medication}`;
    await engine.schedules.commit([{ type: 'occurrence', owner, id, expect: 'absent', state, body }], []);
    expect(await tickAt(addSeconds(DUE, -300))).toEqual({ made: 0, notSent: 0 });
    expect(occurrences()).toMatchObject([{ status: 'published' }]);
    expect(await tickAt(addSeconds(DUE, 86_400 - 300))).toEqual({ made: 1, notSent: 0 });
  });

  it('keeps what it has got through when it is cut off, so that a long gap is worked off in steps', async () => {
    await schedule(['08:00']);
    await tickAt(addSeconds(START, 60));
    const before = engine.db.watermarks.get(SHARD) ?? '';
    let reads = 0;
    const cutOff = {
      ...engine,
      dueBuckets: {
        ...engine.dueBuckets,
        read: (shard: number, minute: string) => {
          reads += 1;
          if (reads > 500) throw new Error('time is up');
          return engine.dueBuckets.read(shard, minute);
        },
      },
    };
    await expect(tickAt(addSeconds(START, 86_400), cutOff)).rejects.toThrow('time is up');
    const moved = secondsBetween(before, engine.db.watermarks.get(SHARD) ?? '') / 60;
    expect(moved).toBeGreaterThan(480);
    expect(moved).toBeLessThanOrEqual(500);
    await tickAt(addSeconds(START, 86_400));
    expect(engine.db.watermarks.get(SHARD)).toBe(addSeconds(START, 86_400 + LOOK_AHEAD_SECONDS + 60));
  });

  it('has nothing to be late with when it has never run', async () => {
    await schedule(['08:00']);
    await tickAt(addSeconds(DUE, -300));
    expect(counted(engine, 'tick_lag')).toEqual([0]);
    expect(deliveries()).toHaveLength(1);
  });

  it('stops at a minute that fails, tries all of it, and begins there the next time', async () => {
    await schedule(['08:00'], {}, 'med-1');
    await schedule(['08:00'], {}, 'med-2');
    await schedule(['08:01'], {}, 'med-3');
    const bad = engine.refs.medication('user-1', 'med-1');
    const shaky = withSchedules(engine, {
      commit: async (writes, jobs, audit) => {
        if (writes.some((write) => write.id === bad)) throw new Error('throttled');
        return engine.schedules.commit(writes, jobs, audit);
      },
    });
    await tickAt(addSeconds(DUE, -900));
    await expect(tickAt(addSeconds(DUE, -240), shaky)).rejects.toThrow('throttled');
    expect(deliveries()).toHaveLength(1);
    expect(engine.db.watermarks.get(SHARD)).toBe(DUE);
    await tickAt(addSeconds(DUE, -180));
    expect(deliveries()).toHaveLength(3);
  });

  it('passes over an entry that cannot be advanced for half a day, and counts its dose as not sent', async () => {
    await schedule(['08:00'], {}, 'med-1');
    await schedule(['20:02'], {}, 'med-2');
    const bad = engine.refs.medication('user-1', 'med-1');
    const broken = withSchedules(engine, {
      read: async (key) => {
        if (key.id === bad) throw new TypeError('unreadable');
        return engine.schedules.read(key);
      },
    });
    await tickAt(START);
    await expect(tickAt(DUE, broken)).rejects.toThrow('unreadable');
    await expect(tickAt(addSeconds(DUE, 12 * 3600), broken)).rejects.toThrow('unreadable');
    expect(await tickAt(addSeconds(DUE, 12 * 3600 + 1), broken)).toEqual({ made: 1, notSent: 1 });
    expect(counted(engine, 'reminders_not_sent')).toEqual([1]);
    expect(logged(engine, 'tick.entry_given_up')).toMatchObject([{ level: 'error' }]);
  });

  it('spreads a full minute over its first seconds, and never before it', async () => {
    engine = createTestEngine(JOB_KINDS, { start: START, dueShards: 1 });
    for (let n = 0; n < 120; n += 1) await schedule(['08:00'], {}, `med-${n}`);
    engine.queue.sent.length = 0;
    await tickAt(addSeconds(DUE, -300));
    const delays = engine.queue.sent.map((one) => one.delaySeconds);
    expect(delays).toHaveLength(120);
    // 120 doses at 50 a second.
    expect([...new Set(delays)].toSorted((a, b) => a - b)).toEqual([300, 301, 302]);
  });

  it('leaves a schedule alone that ended, was replaced or was stopped', async () => {
    await schedule(['08:00'], { end_date: '2026-06-01' }, 'ends');
    await schedule(['08:00'], {}, 'replaced');
    await schedule(['09:00'], {}, 'replaced');
    await schedule(['08:00'], {}, 'stopped');
    const target = { userId: 'user-1', medicationId: 'stopped' };
    await stopMedication(engine, callerAs('patient'), target, requestAt(engine));
    for (let minute = 0; minute < 2 * 1440; minute += 1) {
      engine.time.set(addSeconds(START, minute * 60));
      await tickShard(engine, SHARD);
      await deliverAll(engine);
    }
    expect(engine.publisher.all.map((message) => `${message.medication_id} ${message.due_at}`)).toEqual([
      'ends 2026-06-01T08:00:00.000Z',
      'replaced 2026-06-01T09:00:00.000Z',
      'replaced 2026-06-02T09:00:00.000Z',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import type { OccurrenceStatus } from '../ports.ts';
import { process } from './process.ts';
import type { ReminderDelivery } from './schema.ts';

const DUE = '2026-03-08T12:00:00.000Z';
const EXPIRES = '2026-03-08T18:00:00.000Z';

interface Setting {
  now?: string;
  status?: OccurrenceStatus;
  occurrenceRevision?: number;
  scheduleRevision?: number;
  schedule?: 'active' | 'stopped';
  medication?: 'active' | 'stopped';
}

/** One dose at 08:00 in New York, ordered under revision 1. */
function setting(of: Setting = {}) {
  const bench = new KindBench(of.now ?? DUE);
  const owner = bench.refs.user('p1');
  const medicationRef = bench.refs.medication('p1', 'm1');
  const id = `2026-03-08#${medicationRef}#08:00`;
  const ids = { userId: 'p1', medicationId: 'm1' };
  bench.write(
    {
      type: 'medication',
      owner,
      id: medicationRef,
      expect: 'absent',
      state: { status: of.medication ?? 'active' },
      body: ids,
    },
    {
      type: 'schedule',
      owner,
      id: medicationRef,
      expect: 'absent',
      state: {
        status: of.schedule ?? 'active',
        nextDueAt: null,
        acceptedAt: '2026-03-01T00:00:00.000Z',
        revision: of.scheduleRevision ?? 1,
      },
      body: {
        ...ids,
        frequency: 'QD',
        times: ['08:00'],
        timeZone: 'America/New_York',
        startDate: '2026-03-01',
        tzdataVersion: 't',
      },
    },
    {
      type: 'occurrence',
      owner,
      id,
      expect: 'absent',
      state: {
        status: of.status ?? 'scheduled',
        dueAt: DUE,
        scheduleRevision: of.occurrenceRevision ?? 1,
        reason: null,
      },
      body: {
        ...ids,
        localTime: '2026-03-08T08:00:00-04:00',
        timeZone: 'America/New_York',
        slots: ['08:00'],
      },
    },
  );
  const job = bench.job<ReminderDelivery>({
    user_id: 'p1',
    medication_id: 'm1',
    occurrence_id: id,
    schedule_revision: 1,
    due_at: DUE,
    expires_at: EXPIRES,
  });
  const occurrence = () => bench.all('occurrence')[0]?.state;
  return { bench, job, occurrence, run: async () => bench.commit(await process(job, bench.world())) };
}

describe('a dose on time', () => {
  it('is published once and then recorded so', async () => {
    const { bench, occurrence, run } = setting();
    expect(await run()).toMatchObject({
      end: 'succeeded',
      summary: 'published',
      counts: ['reminders_published'],
      result: { late: false, possible_duplicate: false, published_at: DUE },
    });
    expect(bench.publisher.all).toEqual([
      {
        type: 'reminder.due',
        occurrence_id: expect.stringMatching(/^2026-03-08#.+#08:00$/),
        user_ref: bench.refs.user('p1'),
        user_id: 'p1',
        medication_id: 'm1',
        due_at: DUE,
        local_time: '2026-03-08T08:00:00-04:00',
        time_zone: 'America/New_York',
        late: false,
        possible_duplicate: false,
      },
    ]);
    expect(occurrence()).toMatchObject({ status: 'published', reason: null });
  });

  it('is sending before anything leaves', async () => {
    const { bench, job, occurrence } = setting();
    const seen: unknown[] = [];
    const publishReminder = async () => {
      seen.push(occurrence()?.status);
    };
    await process(job, bench.world({ publisher: { publishReminder } }));
    expect(seen).toEqual(['sending']);
  });

  it('is never published before its due time', async () => {
    const { bench, run } = setting({ now: '2026-03-08T11:59:59.999Z' });
    await expect(run()).rejects.toMatchObject({ name: 'RetryableError' });
    expect(bench.publisher.all).toEqual([]);
  });
});

describe('a late dose', () => {
  it.each([
    ['2026-03-08T12:01:00.000Z', false],
    ['2026-03-08T12:01:00.001Z', true],
    ['2026-03-08T17:59:59.999Z', true],
  ])('told at %s says late: %s', async (now, late) => {
    const { bench, run } = setting({ now });
    const done = await run();
    expect(bench.publisher.all.map((message) => message.late)).toEqual([late]);
    expect('counts' in done && done.counts?.includes('reminders_late')).toBe(late);
  });

  it('is not told from its expiry on', async () => {
    const { bench, occurrence, run } = setting({ now: EXPIRES });
    expect(await run()).toMatchObject({
      end: 'expired',
      reason: 'too_late',
      counts: ['reminders_not_sent'],
    });
    expect(bench.publisher.all).toEqual([]);
    expect(occurrence()).toMatchObject({ status: 'not_sent', reason: 'too_late' });
  });

  it('is not told when its window ends while the intent is written', async () => {
    const { bench, job, occurrence } = setting({ now: '2026-03-08T17:59:59.999Z' });
    const world = bench.world();
    const slow = bench.world({
      recordIntent: async (writes) => {
        await world.recordIntent(writes);
        bench.now = EXPIRES;
      },
    });
    expect(bench.commit(await process(job, slow))).toMatchObject({ end: 'expired' });
    expect(bench.publisher.all).toEqual([]);
    expect(occurrence()).toMatchObject({ status: 'not_sent', reason: 'too_late' });
  });
});

describe('after a crash between publish and commit', () => {
  it('the next attempt flags its message', async () => {
    const { bench, job, run } = setting();
    await process(job, bench.world());
    expect(await run()).toMatchObject({ counts: ['reminders_published', 'reminders_possible_duplicate'] });
    expect(bench.publisher.all.map((message) => message.possible_duplicate)).toEqual([false, true]);
    expect(bench.all('occurrence')).toMatchObject([{ state: { status: 'published' } }]);
  });

  it('a dose whose window has passed is recorded as uncertain, not as untold', async () => {
    const { occurrence, run } = setting({ now: EXPIRES, status: 'sending' });
    expect(await run()).toMatchObject({ end: 'expired' });
    expect(occurrence()).toMatchObject({ status: 'not_sent', reason: 'delivery_uncertain' });
  });
});

describe('what changed meanwhile', () => {
  it.each<[Setting, string]>([
    [{ schedule: 'stopped' }, 'schedule_stopped'],
    [{ medication: 'stopped' }, 'medication_stopped'],
    [{ scheduleRevision: 2 }, 'schedule_replaced'],
  ])('%j: nothing is sent and the dose says why', async (changed, reason) => {
    const { bench, occurrence, run } = setting(changed);
    expect(await run()).toMatchObject({ end: 'superseded', reason });
    expect(bench.publisher.all).toEqual([]);
    expect(occurrence()).toMatchObject({ status: 'not_sent', reason });
  });

  it.each<[Setting, string, OccurrenceStatus]>([
    [{ status: 'published' }, 'already_published', 'published'],
    [{ status: 'not_sent' }, 'already_not_sent', 'not_sent'],
    [{ occurrenceRevision: 2, scheduleRevision: 2 }, 'occurrence_replaced', 'scheduled'],
  ])('%j: the dose is left to whoever has it', async (changed, reason, status) => {
    const { bench, occurrence, run } = setting(changed);
    expect(await run()).toMatchObject({ end: 'superseded', reason });
    expect(bench.publisher.all).toEqual([]);
    expect(occurrence()).toMatchObject({ status });
  });
});

import { describe, expect, it } from 'vitest';
import {
  DAUGHTER,
  type DeliverySetting,
  DUE,
  deliveryBench,
  EXPIRES,
} from '#test/builders/delivery-bench.ts';
import type { Done, OccurrenceStatus } from '../ports.ts';
import { process } from './process.ts';

const SOON = '2026-03-08T12:15:00.000Z';
const TERMS = { followUp: { count: 2, everyMinutes: 15 }, escalateAfterMinutes: 60 };
const CARED_FOR = { caregivers: [DAUGHTER] };

const children = (done: Done) => ('children' in done ? (done.children ?? []) : []);
const followUp = (of: DeliverySetting = {}) =>
  deliveryBench({
    now: SOON,
    status: 'published',
    terms: TERMS,
    ...of,
    order: { purpose: 'follow_up', number: 1, tell_at: SOON, ...of.order },
  });
const escalation = (of: DeliverySetting = {}) =>
  deliveryBench({
    now: SOON,
    status: 'published',
    preferences: CARED_FOR,
    ...of,
    order: { purpose: 'escalation', cause: 'unanswered', tell_at: SOON, ...of.order },
  });

describe('what follows a dose', () => {
  it('is made with the transaction that records it as told', async () => {
    const { run } = deliveryBench({ terms: TERMS, preferences: CARED_FOR });
    const made = children(await run());
    expect(made).toMatchObject([
      { key: 'follow_up', kind: 'reminder-delivery', dueAt: SOON, expiresAt: EXPIRES },
      { key: 'escalation', dueAt: '2026-03-08T13:00:00.000Z', expiresAt: EXPIRES },
    ]);
    expect(made.map(({ payload }) => payload['purpose'])).toEqual(['follow_up', 'escalation']);
  });

  it('is nothing that nobody asked for', async () => {
    expect(children(await deliveryBench().run())).toEqual([]);
    const escalating = deliveryBench({ terms: { escalateAfterMinutes: 60 } });
    // Whether somebody may be told is asked when it is due: a consent may begin until then.
    expect(children(await escalating.run())).toHaveLength(1);
  });

  it('is made once when a report of delivery comes before the commit, and the dose is told once', async () => {
    const { bench, job, dose, run } = deliveryBench({ terms: TERMS });
    await process(job(), bench.world());
    const state = dose();
    if (!state) throw new Error('There is a dose.');
    bench.db.applyState({
      owner: bench.refs.user('p1'),
      id: bench.all('occurrence')[0]?.id ?? '',
      expect: 2,
      state: { ...state, status: 'delivered' },
    });
    // The same attempt once more, and one that comes after a worker died.
    for (const attempt of [1, 2]) {
      const done = await process(job(attempt), bench.world());
      expect(done).toMatchObject({
        end: 'succeeded',
        counts: { reminders_published: 1, reminders_on_time: 1 },
      });
      expect(children(done)).toHaveLength(2);
    }
    await run();
    expect(bench.publisher.all).toHaveLength(1);
    expect(dose()).toMatchObject({ status: 'delivered' });
    expect(dose()).not.toHaveProperty('telling');
  });

  it('is nothing when an answer comes before the commit', async () => {
    const { bench, job, dose, id, owner } = deliveryBench({ terms: TERMS });
    await process(job(), bench.world());
    const state = dose();
    if (state) bench.db.applyState({ owner, id, expect: 2, state: { ...state, status: 'taken' } });
    const done = bench.commit(await process(job(), bench.world()));
    expect([done.end, children(done)]).toEqual(['succeeded', []]);
    expect(bench.publisher.all).toHaveLength(1);
    expect(dose()).toMatchObject({ status: 'taken' });
  });
});

describe('what changes while the intent is written', () => {
  it.each(['schedule', 'medication'] as const)('keeps the dose from being told: its %s', async (type) => {
    const { bench, job } = deliveryBench();
    const world = bench.world();
    const racing = bench.world({
      recordIntentWhile: (...intent) => {
        const [record] = bench.all(type);
        if (record) bench.write({ ...record, owner: bench.refs.user('p1'), expect: 1 } as never); // as it was read
        return world.recordIntentWhile(...intent);
      },
    });
    await expect(process(job(), racing)).rejects.toMatchObject({ reason: 'conflict' });
    expect(bench.publisher.all).toEqual([]);
  });
});

describe('a follow-up', () => {
  it('tells the same dose once more, to the patient, and is followed by the next one', async () => {
    const { bench, dose, id, run } = followUp({ preferences: { channels: ['push', 'sms'] } });
    const done = await run();
    expect(done).toMatchObject({ end: 'succeeded', counts: { follow_ups_published: 1 } });
    expect(bench.publisher.all).toMatchObject([
      {
        type: 'reminder.follow_up',
        message_id: `${id}.follow_up_1`,
        occurrence_id: id,
        due_at: DUE,
        expires_at: EXPIRES,
        to: 'patient',
        channels: ['push', 'sms'],
        late: false,
      },
    ]);
    expect(children(done)).toMatchObject([{ payload: { number: 2 }, dueAt: '2026-03-08T12:30:00.000Z' }]);
    expect(dose()).toMatchObject({ status: 'published' });
    expect(dose()).not.toHaveProperty('telling');
  });

  it.each<OccurrenceStatus>(['taken', 'skipped', 'snoozed', 'not_sent', 'needs_confirmation'])(
    'is not told of a dose that is %s',
    async (status) => {
      const { bench, dose, run } = followUp({ status });
      expect(await run()).toMatchObject({ end: 'superseded', reason: `already_${status}` });
      expect(bench.publisher.all).toEqual([]);
      expect(dose()).toMatchObject({ status });
    },
  );

  it.each<[DeliverySetting, string, string]>([
    [{ medication: 'paused' }, 'superseded', 'medication_paused'],
    [{ schedule: 'stopped' }, 'superseded', 'schedule_stopped'],
    [{ scheduleRevision: 2 }, 'superseded', 'schedule_replaced'],
    [{ now: EXPIRES }, 'expired', 'too_late'],
  ])('%j: is not told, and the dose stays as it is', async (of, end, reason) => {
    const { bench, dose, run } = followUp(of);
    const before = dose();
    expect(await run()).toMatchObject({ end, reason, counts: {} });
    expect(bench.publisher.all).toEqual([]);
    expect(dose()).toEqual(before);
  });

  it('that runs into quiet hours is made anew for their end', async () => {
    const { bench, run } = followUp({ preferences: { quietHours: { from: '08:10', to: '09:00' } } });
    const done = await run();
    const until = '2026-03-08T13:00:00.000Z';
    expect(done).toMatchObject({ end: 'succeeded', result: { deferred_until: until } });
    expect(children(done)).toMatchObject([
      { dueAt: until, expiresAt: EXPIRES, payload: { purpose: 'follow_up', number: 1, tell_at: until } },
    ]);
    expect(bench.publisher.all).toEqual([]);
  });

  it('reads the quiet hours where the user is, if they follow their stay', async () => {
    // 14:15 in Berlin.
    const quietHours = { from: '14:00', to: '15:00' };
    const abroad = { quietHours, follow: 'current', currentTimeZone: 'Europe/London' } as const;
    expect(children(await followUp({ preferences: { quietHours } }).run())).toMatchObject([
      { payload: { number: 2 } },
    ]);
    const { bench, run } = followUp({
      preferences: { ...abroad, quietHours: { from: '12:00', to: '13:00' } },
    });
    expect(await run()).toMatchObject({ result: { deferred_until: '2026-03-08T13:00:00.000Z' } });
    expect(bench.publisher.all).toEqual([]);
  });

  it('after a crash is flagged, and once it stands it is not told again by the same attempt', async () => {
    const { bench, job, run } = followUp();
    await process(job(), bench.world());
    await process(job(), bench.world());
    expect(bench.publisher.all).toHaveLength(1);
    expect(await run(2)).toMatchObject({
      counts: { follow_ups_published: 1, reminders_possible_duplicate: 1 },
    });
    expect(bench.publisher.all.map((message) => message.possible_duplicate)).toEqual([false, true]);
  });
});

describe('an intent whose message does not leave after all', () => {
  /** Runs the job; between its intent and its last look the clock moves to `then`. */
  async function overtaken(of: DeliverySetting, then: string) {
    const setUp = deliveryBench(of);
    const { bench, job } = setUp;
    const world = bench.world();
    const slow = bench.world({
      recordIntentWhile: async (...intent) => {
        await world.recordIntentWhile(...intent);
        bench.now = then;
      },
    });
    return { ...setUp, done: bench.commit(await process(job(), slow)) };
  }

  it('leaves no mark: a follow-up that quiet hours defer is told at their end', async () => {
    const { bench, done, dose } = await overtaken(
      {
        now: '2026-03-08T12:29:59.900Z',
        status: 'published',
        preferences: { quietHours: { from: '08:30', to: '09:00' } },
        order: { purpose: 'follow_up', number: 1, tell_at: '2026-03-08T12:29:00.000Z' },
      },
      '2026-03-08T12:30:00.000Z',
    );
    expect(dose()).not.toHaveProperty('telling');
    const [child] = children(done);
    bench.now = '2026-03-08T13:00:00.000Z';
    bench.commit(await process(bench.job(child?.payload as never), bench.world())); // as the kind has made it
    expect(bench.publisher.all).toMatchObject([{ possible_duplicate: false }]);
  });

  it('is no escalation: one that lost its consent in that moment does not stand as told', async () => {
    const { bench, dose } = await overtaken(
      {
        status: 'published',
        preferences: { caregivers: [{ ...DAUGHTER, end: '2026-03-08T12:00:00.500Z' }] },
        order: { purpose: 'escalation', tell_at: DUE },
      },
      '2026-03-08T12:00:01.000Z',
    );
    expect(bench.publisher.all).toEqual([]);
    expect(dose()).not.toHaveProperty('telling');
    expect(dose()).not.toHaveProperty('escalatedAt');
  });
});

describe('the end of a snooze', () => {
  const snoozed = (of: DeliverySetting = {}) =>
    followUp({
      status: 'snoozed',
      state: { snoozedUntil: SOON },
      preferences: CARED_FOR,
      ...of,
      order: { number: undefined } as never, // none
    });

  it('tells the dose again, even in quiet hours, and it is open once more', async () => {
    const quietHours = { from: '08:00', to: '20:00' };
    const { bench, dose, run } = snoozed({ preferences: { ...CARED_FOR, quietHours } });
    const done = await run();
    expect(bench.publisher.all).toMatchObject([
      {
        type: 'reminder.follow_up',
        text: { body: expect.stringContaining('You asked to be reminded again') },
      },
    ]);
    expect(dose()).toMatchObject({ status: 'published' });
    expect(dose()).not.toHaveProperty('snoozedUntil');
    // What follows was planned with the snooze.
    expect(children(done)).toEqual([]);
  });

  it('tells nothing when the person has put it off once more', async () => {
    const { bench, dose, run } = snoozed({ state: { snoozedUntil: '2026-03-08T13:00:00.000Z' } });
    expect(await run()).toMatchObject({ end: 'superseded', reason: 'already_snoozed' });
    expect(bench.publisher.all).toEqual([]);
    expect(dose()).toMatchObject({ status: 'snoozed' });
  });
});

describe('an escalation', () => {
  it('tells the caregivers whose consent holds, once', async () => {
    const son = { ...DAUGHTER, caregiverId: 'son', revokedAt: '2026-02-01T00:00:00.000Z' };
    const { bench, dose, run } = escalation({ preferences: { caregivers: [DAUGHTER, son] } });
    expect(await run()).toMatchObject({ end: 'succeeded', counts: { escalations_published: 1 } });
    expect(bench.publisher.all).toMatchObject([
      {
        type: 'reminder.escalation',
        to: 'caregiver',
        caregiver_ids: ['daughter'],
        text: { title: 'Please check on the person you care for' },
      },
    ]);
    expect(dose()).toMatchObject({ status: 'published', escalatedAt: SOON });
    expect(await run(2)).toMatchObject({ end: 'superseded', reason: 'already_escalated' });
    expect(bench.publisher.all).toHaveLength(1);
  });

  it('is told to nobody without a consent, and counted', async () => {
    const { bench, run } = escalation({
      preferences: { caregivers: [{ ...DAUGHTER, end: '2026-03-08T12:15:00.000Z' }] },
    });
    expect(await run()).toMatchObject({
      end: 'superseded',
      reason: 'no_caregiver',
      counts: { escalations_without_caregiver: 1 },
    });
    expect(bench.publisher.all).toEqual([]);
  });

  it('is not told when the consent is revoked while the intent is written', async () => {
    const { bench, job, owner } = escalation();
    const world = bench.world();
    const racing = bench.world({
      recordIntentWhile: (...intent) => {
        bench.write({ type: 'user', owner, id: '', expect: 1, state: {}, body: { userId: 'p1' } });
        return world.recordIntentWhile(...intent);
      },
    });
    await expect(process(job(), racing)).rejects.toMatchObject({ reason: 'conflict' });
    expect(bench.publisher.all).toEqual([]);
  });

  it('of a critical dose that was never told leaves the dose to its own delivery', async () => {
    for (const status of ['scheduled', 'sending'] as const) {
      const { bench, dose, run } = escalation({ status, order: { cause: 'not_sent' } });
      expect(await run()).toMatchObject({ end: 'succeeded' });
      expect(bench.publisher.all).toMatchObject([
        { text: { body: expect.stringContaining('technical fault') } },
      ]);
      expect(dose()).toMatchObject({ status, escalatedAt: SOON });
    }
  });

  it('of a dose that was told is no business of the watch', async () => {
    const { bench, run } = escalation({ order: { cause: 'not_sent' } });
    expect(await run()).toMatchObject({ end: 'superseded', reason: 'already_published' });
    expect(bench.publisher.all).toEqual([]);
  });
});

describe('the name of the medication', () => {
  const said = async (of: DeliverySetting): Promise<string> => {
    const { bench, run } = deliveryBench(of);
    await run();
    return JSON.stringify(bench.publisher.all);
  };
  const named = { name: 'Lisinopril 10 mg', terms: { medicationName: 'lisinopril' } };

  it('is in no message unless the user says so', async () => {
    expect(await said(named)).not.toMatch(/lisinopril/i);
    expect(await said({ ...named, preferences: {} })).not.toMatch(/lisinopril/i);
  });

  it('is that of the medication, then that of the schedule, when the user says so', async () => {
    const preferences = { messageNamesMedication: true };
    expect(await said({ ...named, preferences })).toContain('Your dose of “Lisinopril 10 mg” is due now');
    expect(await said({ terms: named.terms, preferences })).toContain('Your dose of “lisinopril” is due now');
    expect(await said({ preferences })).toContain('Your dose is due now');
  });
});

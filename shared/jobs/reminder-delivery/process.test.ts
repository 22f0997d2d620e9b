import { describe, expect, it } from 'vitest';
import { type DeliverySetting, DUE, deliveryBench, EXPIRES } from '#test/builders/delivery-bench.ts';
import type { OccurrenceStatus } from '../ports.ts';
import { process } from './process.ts';

describe('a dose on time', () => {
  it('is published once and then recorded so', async () => {
    const { bench, dose, run } = deliveryBench();
    expect(await run()).toMatchObject({
      end: 'succeeded',
      summary: 'published',
      counts: { reminders_published: 1, reminders_on_time: 1 },
      result: { late: false, possible_duplicate: false, published_at: DUE },
    });
    expect(bench.publisher.all).toEqual([
      {
        type: 'reminder.due',
        occurrence_id: expect.stringMatching(/^2026-03-08_0800_.+$/),
        user_ref: bench.refs.user('p1'),
        user_id: 'p1',
        medication_id: 'm1',
        due_at: DUE,
        local_time: '2026-03-08T08:00:00-04:00',
        time_zone: 'America/New_York',
        late: false,
        possible_duplicate: false,
        message_id: expect.stringMatching(/^2026-03-08_0800_.+\.dose$/),
        expires_at: EXPIRES,
        to: 'patient',
        channels: [],
        text: {
          title: 'Time for your medication',
          body: 'Your dose is due now, at 08:00. Your schedule: twice a day.',
        },
      },
    ]);
    expect(dose()).toMatchObject({ status: 'published', reason: null, told: { at: DUE, late: false } });
  });

  it('is sending before anything leaves', async () => {
    const { bench, job, dose } = deliveryBench();
    const seen: unknown[] = [];
    const publishReminder = async () => {
      seen.push(dose()?.status);
    };
    await process(job(), bench.world({ publisher: { ...bench.publisher, publishReminder } }));
    expect(seen).toEqual(['sending']);
  });

  it('is never published before its due time', async () => {
    const { bench, run } = deliveryBench({ now: '2026-03-08T11:59:59.999Z' });
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
    const { bench, dose, run } = deliveryBench({ now });
    const done = await run();
    expect(bench.publisher.all.map((message) => message.late)).toEqual([late]);
    expect(done).toMatchObject({
      counts: { reminders_on_time: late ? 0 : 1, ...(late && { reminders_late: 1 }) },
    });
    expect(dose()).toMatchObject({ told: { at: now, late } });
  });

  it('is not told from its expiry on', async () => {
    const { bench, dose, run } = deliveryBench({ now: EXPIRES });
    expect(await run()).toMatchObject({
      end: 'expired',
      reason: 'too_late',
      counts: { reminders_not_sent: 1, reminders_on_time: 0 },
    });
    expect(bench.publisher.all).toEqual([]);
    expect(dose()).toMatchObject({ status: 'not_sent', reason: 'too_late' });
  });

  it('is not told when its window ends while the intent is written', async () => {
    const { bench, job, dose } = deliveryBench({ now: '2026-03-08T17:59:59.999Z' });
    const world = bench.world();
    const slow = bench.world({
      recordIntentWhile: async (...intent) => {
        await world.recordIntentWhile(...intent);
        bench.now = EXPIRES;
      },
    });
    expect(bench.commit(await process(job(), slow))).toMatchObject({ end: 'expired' });
    expect(bench.publisher.all).toEqual([]);
    expect(dose()).toMatchObject({ status: 'not_sent', reason: 'too_late' });
  });
});

describe('after a crash between publish and commit', () => {
  it('the next attempt flags its message', async () => {
    const { bench, job, run } = deliveryBench();
    await process(job(), bench.world());
    expect(await run(2)).toMatchObject({
      counts: { reminders_published: 1, reminders_possible_duplicate: 1 },
    });
    expect(bench.publisher.all.map((message) => message.possible_duplicate)).toEqual([false, true]);
    expect(bench.all('occurrence')).toMatchObject([{ state: { status: 'published' } }]);
  });

  it('a dose whose window has passed is recorded as uncertain, not as untold', async () => {
    const { dose, run } = deliveryBench({ now: EXPIRES, status: 'sending' });
    expect(await run()).toMatchObject({ end: 'expired' });
    expect(dose()).toMatchObject({ status: 'not_sent', reason: 'delivery_uncertain' });
  });
});

describe('what changed meanwhile', () => {
  it.each<[DeliverySetting, string]>([
    [{ schedule: 'stopped' }, 'schedule_stopped'],
    [{ medication: 'stopped' }, 'medication_stopped'],
    [{ medication: 'paused' }, 'medication_paused'],
    [{ scheduleRevision: 2 }, 'schedule_replaced'],
  ])('%j: nothing is sent and the dose says why', async (changed, reason) => {
    const { bench, dose, run } = deliveryBench(changed);
    expect(await run()).toMatchObject({ end: 'superseded', reason });
    expect(bench.publisher.all).toEqual([]);
    expect(dose()).toMatchObject({ status: 'not_sent', reason });
  });

  it.each<[DeliverySetting, string, OccurrenceStatus]>([
    [{ status: 'published' }, 'already_published', 'published'],
    [{ status: 'delivered' }, 'already_delivered', 'delivered'],
    [{ status: 'undelivered' }, 'already_undelivered', 'undelivered'],
    [{ status: 'snoozed' }, 'already_snoozed', 'snoozed'],
    [{ status: 'taken' }, 'already_taken', 'taken'],
    [{ status: 'skipped' }, 'already_skipped', 'skipped'],
    [{ status: 'needs_confirmation' }, 'already_needs_confirmation', 'needs_confirmation'],
    [{ status: 'not_sent' }, 'already_not_sent', 'not_sent'],
    [{ occurrenceRevision: 2, scheduleRevision: 2 }, 'occurrence_replaced', 'scheduled'],
  ])('%j: the dose is left to whoever has it', async (changed, reason, status) => {
    const { bench, dose, run } = deliveryBench(changed);
    expect(await run()).toMatchObject({ end: 'superseded', reason });
    expect(bench.publisher.all).toEqual([]);
    expect(dose()).toMatchObject({ status });
  });
});

describe('a delivery that a person retries', () => {
  it.each([
    ['delivery_failed', false],
    ['delivery_uncertain', true],
  ])('tells the dose that was left untold as %s; a possible duplicate: %s', async (reason, duplicate) => {
    const { bench, dose, run } = deliveryBench({ status: 'not_sent', reason });
    expect(await run()).toMatchObject({ end: 'succeeded', result: { possible_duplicate: duplicate } });
    expect(bench.publisher.all.map((message) => message.possible_duplicate)).toEqual([duplicate]);
    expect(dose()).toMatchObject({ status: 'published', reason: null });
  });

  it.each(['too_late', 'cancelled', 'schedule_stopped'])('tells nothing that is %s', async (reason) => {
    const { bench, dose, run } = deliveryBench({ status: 'not_sent', reason });
    expect(await run()).toMatchObject({ end: 'superseded', reason: 'already_not_sent' });
    expect(bench.publisher.all).toEqual([]);
    expect(dose()).toMatchObject({ status: 'not_sent', reason });
  });

  it('tells nothing after the window, and does not count the dose again', async () => {
    const { bench, dose, run } = deliveryBench({
      now: EXPIRES,
      status: 'not_sent',
      reason: 'delivery_uncertain',
    });
    expect(await run()).toMatchObject({ end: 'expired', reason: 'too_late', counts: {} });
    expect(bench.publisher.all).toEqual([]);
    expect(dose()).toMatchObject({ status: 'not_sent', reason: 'delivery_uncertain' });
  });

  it('tells nothing under a newer revision of the schedule', async () => {
    const { bench, run } = deliveryBench({
      status: 'not_sent',
      reason: 'delivery_failed',
      occurrenceRevision: 2,
      scheduleRevision: 2,
    });
    expect(await run()).toMatchObject({ end: 'superseded', reason: 'occurrence_replaced' });
    expect(bench.publisher.all).toEqual([]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { letTimePass, setReminder } from '#test/builders/reminders.ts';
import {
  callerAs,
  counted,
  createTestEngine,
  requestAt,
  type TestEngine,
} from '#test/builders/test-engine.ts';
import { RetryableError } from '../errors/attempt-error.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import { acknowledgeReminder } from './acknowledge-reminder.ts';
import type { AcknowledgementBody } from './bodies/acknowledgement.ts';
import { putMedication } from './put-medication.ts';
import { putPreferences } from './put-preferences.ts';
import { reportDelivery } from './report-delivery.ts';

const START = '2027-03-01T12:00:00.000Z';
const MORNING = '2027-03-01T13:00:00.000Z';
const NEXT_DAY = '2027-03-02T05:00:00.000Z';
const SCHEDULE = {
  frequency: 'BID',
  times: ['08:00', '20:00'],
  time_zone: 'America/New_York',
  end_date: '2027-03-01',
  late_window_minutes: 180,
};
const USER = { userId: 'user-1' };

let engine: TestEngine;
beforeEach(async () => {
  engine = createTestEngine(JOB_KINDS, { start: START, dueShards: 2 });
});

/** Sets reminders of a patient whose daughter may be told. */
async function setUp(schedule: object, preferences: object = {}): Promise<void> {
  const caregiver = { caregiver_id: 'daughter', scope: ['receive_escalations'], consented_at: START };
  const body = { caregivers: [caregiver], ...preferences } as Parameters<typeof putPreferences>[3]; // fits its schema
  await putPreferences(engine, callerAs('patient'), { ...USER, ifMatch: undefined }, body, requestAt(engine));
  await setReminder(engine, { schedule: { ...SCHEDULE, ...schedule } });
}

const target = () => ({
  ...USER,
  reminderId: `2027-03-01_0800_${engine.refs.medication('user-1', 'med-1')}`,
});
const answer = (body: AcknowledgementBody) =>
  acknowledgeReminder(engine, callerAs('patient'), target(), body, requestAt(engine));
const report = (status: 'delivered' | 'failed') => {
  const body = { status, channel: 'push', at: engine.time.now() };
  return reportDelivery(engine, callerAs('service'), target(), body, requestAt(engine));
};
/** What was told of the morning's dose: type, and minutes after its due time in which it left, to a tenth. */
async function toldUntil(end: Instant): Promise<[string, number][]> {
  const seen = engine.publisher.all.length;
  const times = (await letTimePass(engine, end)).map(({ at }) => at);
  return engine.publisher.all
    .slice(seen)
    .map(({ type, due_at }, index): [string, string, number] => [
      due_at,
      type.replace('reminder.', ''),
      Math.round((Date.parse(times[index] ?? '') - Date.parse(MORNING)) / 6000) / 10,
    ])
    .filter(([due]) => due === MORNING)
    .map(([, type, minutes]) => [type, minutes]);
}

const FOLLOWED = { follow_up: { count: 3, every_minutes: 20 }, escalate_after_minutes: 90 };

describe('a dose that nobody answers', () => {
  it('is followed up as often as its schedule says, and then told to the caregiver', async () => {
    await setUp(FOLLOWED);
    expect(await toldUntil(NEXT_DAY)).toEqual([
      ['due', 0],
      ['follow_up', 20],
      ['follow_up', 40],
      ['follow_up', 60],
      ['escalation', 90],
    ]);
    expect(counted(engine, 'follow_ups_published')).toHaveLength(6);
  });

  it('is followed up after the quiet hours, if its window lasts that long', async () => {
    await setUp(FOLLOWED, { quiet_hours: { from: '08:10', to: '09:30' }, time_zone: 'America/New_York' });
    expect(await toldUntil(NEXT_DAY)).toEqual([
      ['due', 0],
      ['follow_up', 90],
      ['escalation', 90],
      ['follow_up', 110],
      ['follow_up', 130],
    ]);
  });

  it('is not followed up in quiet hours that outlast its window', async () => {
    await setUp(FOLLOWED, { quiet_hours: { from: '08:10', to: '11:00' }, time_zone: 'America/New_York' });
    expect(await toldUntil(NEXT_DAY)).toEqual([
      ['due', 0],
      ['escalation', 90],
    ]);
  });
});

describe('an answer', () => {
  it.each<AcknowledgementBody>([{ status: 'taken' }, { status: 'skipped', reason: { code: 'felt_unwell' } }])(
    '%j ends what would follow',
    async (body) => {
      await setUp(FOLLOWED);
      await toldUntil(addSeconds(MORNING, 25 * 60));
      await answer(body);
      expect(await toldUntil(NEXT_DAY)).toEqual([]);
    },
  );

  it('that puts it off brings it again at the time that was asked for, and the caregiver waits as long', async () => {
    await setUp(FOLLOWED);
    await toldUntil(addSeconds(MORNING, 5 * 60));
    await answer({ status: 'snoozed', snooze_until: addSeconds(MORNING, 50 * 60) });
    expect(await toldUntil(NEXT_DAY)).toEqual([
      ['follow_up', 50],
      ['escalation', 140],
    ]);
  });

  it('that puts it off twice brings it once', async () => {
    await setUp({});
    await toldUntil(addSeconds(MORNING, 5 * 60));
    await answer({ status: 'snoozed', snooze_until: addSeconds(MORNING, 10 * 60) });
    await answer({ status: 'snoozed', snooze_until: addSeconds(MORNING, 30 * 60) });
    await answer({ status: 'snoozed', snooze_until: addSeconds(MORNING, 30 * 60) });
    expect(await toldUntil(NEXT_DAY)).toEqual([['follow_up', 30]]);
  });

  it('stands although its message cannot be sent: the reconciler sees the job', async () => {
    await setUp({});
    await toldUntil(addSeconds(MORNING, 5 * 60));
    engine.queue.mood = 'refuses';
    const view = await answer({ status: 'snoozed', snooze_until: addSeconds(MORNING, 10 * 60) });
    expect(view).toMatchObject({ status: 'snoozed' });
    const waiting = [...engine.db.rows.values()].filter(({ status }) => status === 'queued');
    expect(waiting).toMatchObject([{ kind: 'reminder-delivery', dueAt: addSeconds(MORNING, 600) }]);
  });
});

describe('a message that did not arrive', () => {
  it('is told to the caregiver at once', async () => {
    await setUp({});
    await toldUntil(addSeconds(MORNING, 120));
    await report('failed');
    expect(await toldUntil(NEXT_DAY)).toEqual([['escalation', 2]]);
    expect(engine.publisher.all.map(({ to, caregiver_ids }) => [to, caregiver_ids])).toContainEqual([
      'caregiver',
      ['daughter'],
    ]);
  });

  it('is told to nobody when it arrives on another channel meanwhile', async () => {
    await setUp({});
    await toldUntil(addSeconds(MORNING, 120));
    await report('failed');
    await report('delivered');
    expect(await toldUntil(NEXT_DAY)).toEqual([]);
  });

  it('is counted when there is no caregiver', async () => {
    await setUp({}, { caregivers: [] });
    await toldUntil(addSeconds(MORNING, 120));
    await report('failed');
    expect(await toldUntil(NEXT_DAY)).toEqual([]);
    expect(counted(engine, 'escalations_without_caregiver')).toEqual([1]);
  });

  it('after its window is nothing to be told any more', async () => {
    await setUp({});
    await toldUntil(addSeconds(MORNING, 180 * 60));
    const before = engine.db.rows.size;
    await report('failed');
    expect(engine.db.rows.size).toBe(before);
  });
});

describe('a critical dose', () => {
  /** Lets every publish fail until then. */
  const breakUntil = (end: Instant) => {
    const { publishReminder } = engine.publisher;
    engine.publisher.publishReminder = async (message) => {
      if (engine.time.now() < end) throw new RetryableError('dependency_unavailable', 'away');
      await publishReminder(message);
    };
  };

  it('whose delivery failed is told to the caregiver, and no other one is', async () => {
    await setUp({ critical: true });
    breakUntil(addSeconds(MORNING, 330));
    expect(await toldUntil(NEXT_DAY)).toEqual([['escalation', 6]]);
    expect(engine.publisher.all[0]?.text.body).toContain('technical fault');

    engine = createTestEngine(JOB_KINDS, { start: START, dueShards: 2 });
    await setUp({});
    breakUntil(addSeconds(MORNING, 330));
    expect(await toldUntil(NEXT_DAY)).toEqual([]);
  });

  it('that was told needs no watch, not even when its last attempt told it', async () => {
    await setUp({ critical: true });
    expect(await toldUntil(NEXT_DAY)).toEqual([['due', 0]]);
    engine = createTestEngine(JOB_KINDS, { start: START, dueShards: 2 });
    await setUp({ critical: true });
    breakUntil(addSeconds(MORNING, 290));
    expect(await toldUntil(NEXT_DAY)).toEqual([['due', 5]]);
  });

  it('of a paused medication is told to nobody', async () => {
    await setUp({ critical: true });
    const body = { name: 'lisinopril', status: 'paused' } as const;
    const about = { ...USER, medicationId: 'med-1' };
    await putMedication(
      engine,
      callerAs('patient'),
      { ...about, ifMatch: undefined },
      body,
      requestAt(engine),
    );
    expect(await toldUntil(NEXT_DAY)).toEqual([]);
  });
});

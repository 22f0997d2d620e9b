import { beforeEach, describe, expect, it } from 'vitest';
import { letTimePass, setReminder } from '#test/builders/reminders.ts';
import { callerAs, createTestEngine, requestAt, type TestEngine } from '#test/builders/test-engine.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import type { Instant } from '../lifecycle/instant.ts';
import { acknowledgeReminder } from './acknowledge-reminder.ts';
import { putMedication } from './put-medication.ts';

const START = '2027-03-01T05:00:00.000Z';
const MORNING = '2027-03-01T13:00:00.000Z';
const EVENING = '2027-03-02T01:00:00.000Z';
const NEXT_DAY = '2027-03-02T05:00:00.000Z';
const patient = callerAs('patient');

let engine: TestEngine;
beforeEach(async () => {
  engine = createTestEngine(JOB_KINDS, { start: START, dueShards: 2 });
  const schedule = { frequency: 'BID', times: ['08:00', '20:00'], time_zone: 'America/New_York' };
  await setReminder(engine, { schedule });
});

const reminderAt = (slot: string) => `2027-03-01_${slot}_${engine.refs.medication('user-1', 'med-1')}`;
const take = (slot: string, deps: Parameters<typeof acknowledgeReminder>[0] = engine) =>
  acknowledgeReminder(
    deps,
    patient,
    { userId: 'user-1', reminderId: reminderAt(slot) },
    { status: 'taken' },
    requestAt(engine),
  );
const statusOf = async (slot: string) =>
  (
    await engine.schedules.read({
      type: 'occurrence',
      owner: engine.refs.user('user-1'),
      id: reminderAt(slot),
    })
  )?.state.status;

/** Lets time pass, a minute at a time, and does something in the first minute that is not before `at`. */
async function untilThen(at: Instant, act: () => Promise<unknown>) {
  const before = await letTimePass(engine, at);
  await act();
  return [...before, ...(await letTimePass(engine, NEXT_DAY))].map((one) => one.dueAt);
}

describe('a dose that was taken', () => {
  it.each([
    ['an hour before', '2027-03-02T00:00:00.000Z'],
    ['after the tick has ordered its delivery', '2027-03-02T00:57:00.000Z'],
  ])('%s is not told; the others are', async (_, at) => {
    expect(await untilThen(at, () => take('2000'))).toEqual([MORNING]);
    expect(await statusOf('2000')).toBe('taken');
  });

  it('in the moment in which it is told stays taken, and is told once', async () => {
    const { publisher } = engine;
    const racing = {
      ...engine,
      publisher: {
        ...publisher,
        publishReminder: async (message: Parameters<typeof publisher.publishReminder>[0]) => {
          await publisher.publishReminder(message);
          if (message.due_at === EVENING) await take('2000');
        },
      },
    };
    const told = await letTimePass(racing, NEXT_DAY);
    expect(told.map(({ dueAt }) => dueAt)).toEqual([MORNING, EVENING]);
    expect(await statusOf('2000')).toBe('taken');
  });
});

describe('a paused medication', () => {
  const put = (status: 'paused' | 'active') =>
    putMedication(
      engine,
      patient,
      { userId: 'user-1', medicationId: 'med-1' },
      { name: 'lisinopril', status },
      requestAt(engine),
    );

  it('is not told of, and says why; resumed it is told of from the next dose on', async () => {
    await put('paused');
    expect(
      await untilThen('2027-03-01T20:00:00.000Z', async () => {
        expect(await statusOf('0800')).toBe('not_sent');
        await put('active');
      }),
    ).toEqual([EVENING]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { letTimePass, setReminder } from '#test/builders/reminders.ts';
import { callerAs, createTestEngine, requestAt, rowOf, type TestEngine } from '#test/builders/test-engine.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { acknowledgeReminder } from './acknowledge-reminder.ts';
import { tick } from './tick.ts';
import { tickShard } from './tick-shard.ts';

const time_zone = 'America/New_York';
const BID = (first: string, second: string) => ({ frequency: 'BID', times: [first, second], time_zone });
/** An instant of 1 March 2027 by the wall clock of New York, which is 5 hours behind UTC. */
const at = (clock: string, day = 1): string =>
  new Date(Date.parse(`2027-03-0${day}T${clock}:00-05:00`)).toISOString();

let engine: TestEngine;
beforeEach(() => {
  engine = createTestEngine(JOB_KINDS, { start: at('06:00'), dueShards: 3 });
});

const doses = () =>
  [...engine.db.records.values()]
    .filter((record) => record.type === 'occurrence')
    .map((record) => {
      const { status, dueAt, reason } = record.state as {
        status: string;
        dueAt: string;
        reason: string | null;
      }; // an occurrence's
      return `${dueAt} ${status}${reason === null ? '' : ` ${reason}`}`;
    })
    .sort();
const told = () => engine.publisher.all.map((one) => one.due_at);

/** The result of the last medication-reminder. */
async function lastResult() {
  const ids = [...engine.db.rows.values()].filter(({ kind }) => kind === 'medication-reminder');
  const row = ids.at(-1);
  if (!row) throw new Error('There is no medication-reminder.');
  return engine.store.result(await rowOf(engine, row.jobId));
}

describe('replacing a schedule', () => {
  it('does not tell a dose that comes too soon after one that was told, and says so with its local time', async () => {
    await setReminder(engine, { schedule: BID('08:00', '20:00') });
    await letTimePass(engine, at('08:05'));
    expect(told()).toEqual([at('08:00')]);
    await setReminder(engine, { schedule: BID('10:00', '22:00') });
    const { warnings, next_occurrences: next } = (await lastResult()) ?? {};
    expect(warnings).toContainEqual(
      expect.objectContaining({
        code: 'too_close',
        due_at: at('10:00'),
        local_time: '2027-03-01T10:00:00-05:00',
        too_close_to: at('08:00'),
      }),
    );
    expect(next).toMatchObject([{ due_at: at('22:00') }, {}, {}, {}, {}]);
    expect(doses()).toEqual([`${at('08:00')} published`, `${at('10:00')} not_sent too_close`]);
    await letTimePass(engine, at('12:00', 2));
    expect(told()).toEqual([at('08:00'), at('22:00'), at('10:00', 2)]);
  });

  it('closes what the tick has made of the schedule before, and tells the new dose only', async () => {
    await setReminder(engine, { schedule: BID('08:00', '20:00') });
    await letTimePass(engine, at('07:58'));
    expect(doses()).toEqual([`${at('08:00')} scheduled`]);
    await setReminder(engine, { schedule: BID('09:00', '21:00') });
    expect(doses()).toEqual([`${at('08:00')} not_sent schedule_replaced`]);
    await letTimePass(engine, at('22:00'));
    expect(told()).toEqual([at('09:00'), at('21:00')]);
  });

  it('loses no dose that is due under both and not told yet', async () => {
    await setReminder(engine, { schedule: BID('08:00', '20:00') });
    // Nobody works from 07:50 on: the tick makes nothing, and nothing is delivered.
    await letTimePass(engine, at('07:50'));
    engine.time.set(at('08:30'));
    await setReminder(engine, { schedule: { ...BID('08:00', '20:00'), dose_units: 2 } });
    await letTimePass(engine, at('09:00'));
    expect(told()).toEqual([at('08:00')]);
    expect(engine.publisher.all).toMatchObject([{ late: true, local_time: '2027-03-01T08:00:00-05:00' }]);
  });

  it('records a dose that was due under the schedule before only', async () => {
    await setReminder(engine, { schedule: BID('08:00', '20:00') });
    await letTimePass(engine, at('07:50'));
    engine.time.set(at('08:30'));
    await setReminder(engine, { schedule: BID('09:00', '21:00') });
    expect(doses()).toEqual([`${at('08:00')} not_sent schedule_replaced`]);
  });

  it('takes back what it withheld when the next schedule has it far enough away', async () => {
    await setReminder(engine, { schedule: BID('08:00', '20:00') });
    await letTimePass(engine, at('08:05'));
    await setReminder(engine, { schedule: BID('10:00', '22:00') });
    const sixHourly = {
      frequency: 'Q4H',
      times: ['02:00', '06:00', '10:00', '14:00', '18:00', '22:00'],
      time_zone,
    };
    await setReminder(engine, { schedule: sixHourly });
    await letTimePass(engine, at('15:00'));
    expect(told()).toEqual([at('08:00'), at('10:00'), at('14:00')]);
  });

  it('by doses as needed leaves nothing open and tells nothing more', async () => {
    await setReminder(engine, { schedule: BID('08:00', '20:00') });
    await letTimePass(engine, at('07:58'));
    await setReminder(engine, { schedule: { frequency: 'PRN', max_doses_per_day: 3, time_zone } });
    expect(await lastResult()).toMatchObject({ frequency: 'PRN', next_occurrences: [] });
    expect(doses()).toEqual([`${at('08:00')} not_sent schedule_replaced`]);
    await letTimePass(engine, at('22:00'));
    expect(told()).toEqual([]);
  });

  it('keeps away from a dose that was taken early', async () => {
    await setReminder(engine, { schedule: BID('08:00', '20:00') });
    engine.time.set(at('07:00'));
    const reminderId = `2027-03-01_0800_${engine.refs.medication('user-1', 'med-1')}`;
    const patient = callerAs('patient', 'user-1');
    await acknowledgeReminder(
      engine,
      patient,
      { userId: 'user-1', reminderId },
      { status: 'taken' },
      requestAt(engine),
    );
    await setReminder(engine, { schedule: BID('12:00', '23:30') });
    await letTimePass(engine, at('23:45'));
    expect(told()).toEqual([at('23:30')]);
    expect(doses()).toContain(`${at('12:00')} not_sent too_close`);
  });

  it('leaves the dose of an entry that is read again by a tick as it stands', async () => {
    await setReminder(engine, { schedule: BID('08:00', '20:00') });
    await letTimePass(engine, at('08:05'));
    await setReminder(engine, { schedule: BID('10:00', '22:00') });
    await letTimePass(engine, at('09:59'));
    for (let round = 0; round < 2; round += 1) {
      await tick(engine);
      for (const { shard } of engine.tickQueue.takeAll()) await tickShard(engine, shard);
    }
    expect(doses()).toContain(`${at('10:00')} not_sent too_close`);
  });
});

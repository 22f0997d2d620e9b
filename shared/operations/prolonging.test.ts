import { beforeEach, describe, expect, it } from 'vitest';
import { letTimePass, setReminder } from '#test/builders/reminders.ts';
import { callerAs, createTestEngine, requestAt, type TestEngine } from '#test/builders/test-engine.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { acknowledgeReminder } from './acknowledge-reminder.ts';

/** By the wall clock of New York, which is 5 hours behind UTC. */
const at = (clock: string, day = 3): string =>
  new Date(Date.parse(`2027-03-0${day}T${clock}:00-05:00`)).toISOString();

const course = (end_date?: string, more = {}) => ({
  frequency: 'BID',
  times: ['08:00', '20:00'],
  time_zone: 'America/New_York',
  start_date: '2027-03-01',
  ...(end_date !== undefined && { end_date }),
  follow_up: { count: 2, every_minutes: 15 },
  ...more,
});

let engine: TestEngine;
beforeEach(() => {
  engine = createTestEngine(JOB_KINDS, { start: at('06:00', 1), dueShards: 2 });
});

const told = () => engine.publisher.all.map(({ due_at }) => due_at);
/** The dose itself and two follow-ups. */
const OF_THE_MORNING = [at('08:00'), at('08:00'), at('08:00')];

/** The first course; another one takes its place on the third day, five minutes after its morning dose was told. */
async function replaced(first: string | undefined, next: object) {
  await setReminder(engine, { schedule: course(first) });
  await letTimePass(engine, at('07:50'));
  const before = told().length;
  await letTimePass(engine, at('08:05'));
  await setReminder(engine, { schedule: { ...course(), ...next } });
  await letTimePass(engine, at('09:00'));
  return told().slice(before);
}

describe('what follows a dose goes on', () => {
  it.each<[string, string | undefined, object]>([
    ['a nearly finished course is prolonged', '2027-03-04', course('2027-03-14')],
    ['its last day is', '2027-03-03', course('2027-03-04')],
    ['it is prolonged without an end', '2027-03-03', course()],
    ['prolonged from today on', '2027-03-04', course('2027-03-14', { start_date: '2027-03-03' })],
    ['one without an end gets one', undefined, course('2027-03-05')],
    ['it is shortened to today', '2027-03-20', course('2027-03-03')],
  ])('%s', async (_, first, next) => {
    expect(await replaced(first, next)).toEqual(OF_THE_MORNING);
  });

  it('the last dose of a course is told and the course is prolonged', async () => {
    const evening = [at('20:00'), at('20:00'), at('20:00')];
    await setReminder(engine, { schedule: course('2027-03-03') });
    await letTimePass(engine, at('20:05'));
    await setReminder(engine, { schedule: course('2027-03-10') });
    await letTimePass(engine, at('21:00'));
    expect(told().slice(-3)).toEqual(evening);
  });

  it('a snooze is granted and kept', async () => {
    await setReminder(engine, { schedule: course('2027-03-03', { follow_up: undefined }) });
    await letTimePass(engine, at('08:05'));
    const target = {
      userId: 'user-1',
      reminderId: `2027-03-03_0800_${engine.refs.medication('user-1', 'med-1')}`,
    };
    const later = { status: 'snoozed' as const, snooze_until: at('08:30') };
    await acknowledgeReminder(engine, callerAs('patient'), target, later, requestAt(engine));
    await setReminder(engine, { schedule: course('2027-03-14', { follow_up: undefined }) });
    await letTimePass(engine, at('09:00'));
    expect(told().filter((due) => due === at('08:00'))).toHaveLength(2);
  });
});

describe('what follows a dose ends', () => {
  const DOSE_ONLY = [at('08:00')];
  it.each<[string, object]>([
    ['it is prolonged with other times', course('2027-03-14', { times: ['08:00', '21:00'] })],
    ['it is prolonged with another amount', course('2027-03-14', { dose_units: 2 })],
    ['it begins anew after a break', course('2027-03-20', { start_date: '2027-03-07' })],
  ])('%s', async (_, next) => {
    expect(await replaced('2027-03-04', next)).toEqual(DOSE_ONLY);
  });
});

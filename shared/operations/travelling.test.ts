import { beforeEach, describe, expect, it } from 'vitest';
import { letTimePass, setReminder } from '#test/builders/reminders.ts';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  requestAt,
  type TestEngine,
} from '#test/builders/test-engine.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { acknowledgeReminder } from './acknowledge-reminder.ts';
import type { PreferencesBody } from './bodies/preferences.ts';
import { putPreferences } from './put-preferences.ts';

const PATIENT = callerAs('patient', 'user-1');
/** Whoever flies west over the date line lives through a day twice. */
const TOKYO = 'Asia/Tokyo';
const HONOLULU = 'Pacific/Honolulu';

let engine: TestEngine;
const begin = (start: string): void => {
  engine = createTestEngine(JOB_KINDS, { start, dueShards: 3 });
};
beforeEach(() => begin('2027-03-01T00:00:00.000Z'));

async function prefers(body: PreferencesBody) {
  const stored = await engine.schedules.read({ type: 'user', owner: engine.refs.user('user-1'), id: '' });
  const ifMatch = stored?.body.preferences ? [`"${stored.version}"`] : undefined;
  const answer = await putPreferences(
    engine,
    PATIENT,
    { userId: 'user-1', ifMatch },
    body,
    requestAt(engine),
  );
  await deliverAll(engine);
  return answer.body;
}
const staysIn = (home: string, current: string) =>
  prefers({ time_zone: home, current_time_zone: current, follow: 'current' });

const bid = { frequency: 'BID', times: ['08:00', '20:00'] };
const told = () => engine.publisher.all.map(({ type, local_time }) => `${type} ${local_time.slice(0, 16)}`);
const dose = (local: string) => `reminder.due ${local}`;
const records = () => [...engine.db.records.values()].filter((record) => record.type === 'occurrence');
const held = () =>
  records().find((record) => (record.state as { status?: string }).status === 'needs_confirmation'); // an occurrence's

const answerHeld = (status: 'confirmed' | 'taken', reminderId = held()?.id ?? '') =>
  acknowledgeReminder(engine, PATIENT, { userId: 'user-1', reminderId }, { status }, requestAt(engine));

describe('a change of the zone that a user follows', () => {
  it('makes the job that has the schedules follow, and its answer says where to look', async () => {
    expect(await prefers({ time_zone: 'Europe/Berlin' })).not.toHaveProperty('updated_schedules');
    await setReminder(engine, { schedule: bid });
    expect(await prefers({ time_zone: 'Europe/Berlin', channels: ['push'] })).not.toHaveProperty(
      'updated_schedules',
    );
    const { updated_schedules: pending } = (await staysIn('Europe/Berlin', 'Europe/Helsinki')) as {
      updated_schedules: { job_id: string; links: { self: string } };
    };
    expect(pending.links.self).toBe(`/api/v1/jobs/${pending.job_id}`);
    const job = await engine.store.read(pending.job_id);
    expect(job).toMatchObject({ kind: 'schedule-update', status: 'succeeded' });
    expect(job && (await engine.store.result(job))).toMatchObject({
      reason: 'zone',
      left: 0,
      schedules: [{ medication_id: 'med-1', schedule_revision: 2, time_zone: 'Europe/Helsinki' }],
    });
  });

  it('moves clock times into the new zone, and back home', async () => {
    await prefers({ time_zone: 'Europe/Berlin' });
    await setReminder(engine, { schedule: bid });
    await letTimePass(engine, '2027-03-01T12:00:00.000Z');
    await staysIn('Europe/Berlin', 'Europe/Helsinki');
    await letTimePass(engine, '2027-03-02T12:00:00.000Z');
    await prefers({ time_zone: 'Europe/Berlin' });
    await letTimePass(engine, '2027-03-02T23:00:00.000Z');
    expect(engine.publisher.all.map((one) => one.local_time)).toEqual([
      '2027-03-01T08:00:00+01:00',
      '2027-03-01T20:00:00+02:00',
      '2027-03-02T08:00:00+02:00',
      '2027-03-02T20:00:00+01:00',
    ]);
  });

  it('leaves schedules alone that name their own zone, and all of them while the user follows home', async () => {
    await prefers({ time_zone: 'Europe/Berlin' });
    await setReminder(engine, { medicationId: 'own', schedule: { ...bid, time_zone: 'Europe/Berlin' } });
    await setReminder(engine, { medicationId: 'home', schedule: bid });
    await prefers({ time_zone: 'Europe/Berlin', current_time_zone: TOKYO });
    await staysIn('Europe/Berlin', TOKYO);
    await prefers({ time_zone: 'Europe/Berlin', current_time_zone: TOKYO });
    const zones = new Set<string>();
    await letTimePass(engine, '2027-03-02T00:00:00.000Z');
    for (const one of engine.publisher.all)
      if (one.medication_id === 'own') zones.add(one.local_time.slice(-6));
    expect([...zones]).toEqual(['+01:00']);
  });

  it('holds a dose that comes too soon by the new clock, asks, and tells it when a person confirms', async () => {
    await prefers({ time_zone: 'Europe/Berlin' });
    await setReminder(engine, { schedule: bid });
    await letTimePass(engine, '2027-03-01T07:30:00.000Z');
    // 08:00 in London is an hour after 08:00 in Berlin.
    await staysIn('Europe/Berlin', 'Europe/London');
    expect(told()).toEqual([dose('2027-03-01T08:00'), 'reminder.needs_confirmation 2027-03-01T08:00']);
    await letTimePass(engine, '2027-03-01T07:45:00.000Z');
    expect(await answerHeld('confirmed')).toMatchObject({
      status: 'scheduled',
      acknowledgement: { status: 'confirmed' },
    });
    await letTimePass(engine, '2027-03-01T09:00:00.000Z');
    expect(told().slice(2)).toEqual([dose('2027-03-01T08:00')]);
    expect(engine.publisher.all[2]).toMatchObject({ local_time: '2027-03-01T08:00:00+00:00', late: false });
  });

  it('tells a held dose at once when it is confirmed late, once, and never after its window', async () => {
    await prefers({ time_zone: 'Europe/Berlin' });
    await setReminder(engine, { schedule: bid });
    await letTimePass(engine, '2027-03-01T07:30:00.000Z');
    await staysIn('Europe/Berlin', 'Europe/London');
    const reminderId = held()?.id ?? '';
    await letTimePass(engine, '2027-03-01T10:00:00.000Z');
    await answerHeld('confirmed', reminderId);
    await answerHeld('confirmed', reminderId);
    await deliverAll(engine);
    await answerHeld('confirmed', reminderId);
    expect(told().filter((one) => one.startsWith('reminder.due'))).toHaveLength(2);
    expect(engine.publisher.all.at(-1)).toMatchObject({ type: 'reminder.due', late: true });
  });

  it('refuses to confirm what is over, and calls it not sent', async () => {
    await prefers({ time_zone: 'Europe/Berlin' });
    await setReminder(engine, { schedule: bid });
    await letTimePass(engine, '2027-03-01T07:30:00.000Z');
    await staysIn('Europe/Berlin', 'Europe/London');
    await letTimePass(engine, '2027-03-01T14:00:00.000Z');
    await expect(answerHeld('confirmed')).rejects.toMatchObject({
      code: 'state_conflict',
      problems: [{ detail: expect.stringContaining('not_sent') }],
    });
    expect(await answerHeld('taken')).toMatchObject({ status: 'taken' });
  });

  it('tells a dose at once that the new clock has passed and the one before had not reached', async () => {
    begin('2027-03-01T00:00:00.000Z');
    await prefers({ time_zone: 'Europe/Berlin' });
    await setReminder(engine, { schedule: { frequency: 'QD', times: ['08:00'] } });
    await letTimePass(engine, '2027-03-02T06:30:00.000Z');
    await staysIn('Europe/Berlin', 'Europe/Helsinki');
    await letTimePass(engine, '2027-03-03T07:00:00.000Z');
    expect(engine.publisher.all).toMatchObject([
      { local_time: '2027-03-01T08:00:00+01:00', late: false },
      { local_time: '2027-03-02T08:00:00+02:00', late: true },
      { local_time: '2027-03-03T08:00:00+02:00', late: false },
    ]);
  });

  it('does not make up what was not told before either', async () => {
    begin('2027-03-01T08:00:00.000Z');
    await prefers({ time_zone: 'Europe/Berlin' });
    await setReminder(engine, { schedule: { frequency: 'QD', times: ['08:00'] } });
    await staysIn('Europe/Berlin', 'Europe/Helsinki');
    await letTimePass(engine, '2027-03-01T23:00:00.000Z');
    expect(told()).toEqual([]);
  });

  it('loses no dose of the day that comes twice on the way west', async () => {
    begin('2027-03-01T00:00:00.000Z');
    await prefers({ time_zone: TOKYO });
    await setReminder(engine, { schedule: bid });
    // 10:00 on 2 March in Tokyo is 15:00 on 1 March in Honolulu.
    await letTimePass(engine, '2027-03-02T01:00:00.000Z');
    await staysIn(TOKYO, HONOLULU);
    await letTimePass(engine, '2027-03-03T07:00:00.000Z');
    expect(engine.publisher.all.map((one) => one.local_time)).toEqual([
      '2027-03-01T20:00:00+09:00',
      '2027-03-02T08:00:00+09:00',
      '2027-03-01T20:00:00-10:00',
      '2027-03-02T08:00:00-10:00',
      '2027-03-02T20:00:00-10:00',
    ]);
    expect(new Set(engine.publisher.all.map((one) => one.occurrence_id)).size).toBe(5);
  });

  it('leaves elapsed hours where they are, and tells their new clock', async () => {
    await prefers({ time_zone: TOKYO });
    await setReminder(engine, { schedule: { frequency: 'Q8H', anchor: '2027-03-01T10:00' } });
    await letTimePass(engine, '2027-03-01T02:00:00.000Z');
    await staysIn(TOKYO, HONOLULU);
    await letTimePass(engine, '2027-03-01T18:00:00.000Z');
    expect(engine.publisher.all.map((one) => [one.due_at, one.local_time])).toEqual([
      ['2027-03-01T01:00:00.000Z', '2027-03-01T10:00:00+09:00'],
      ['2027-03-01T09:00:00.000Z', '2027-02-28T23:00:00-10:00'],
      ['2027-03-01T17:00:00.000Z', '2027-03-01T07:00:00-10:00'],
    ]);
  });

  it('goes on in another job when a user has more schedules than one transaction holds', async () => {
    await prefers({ time_zone: 'Europe/Berlin' });
    for (let n = 0; n < 45; n += 1) await setReminder(engine, { medicationId: `med-${n}`, schedule: bid });
    await staysIn('Europe/Berlin', TOKYO);
    const jobs = [...engine.db.rows.values()].filter(({ kind }) => kind === 'schedule-update');
    expect(jobs.length).toBeGreaterThan(1);
    expect(jobs.every(({ status }) => status === 'succeeded')).toBe(true);
    const bodies = [...engine.db.records.values()].filter((record) => record.type === 'schedule');
    expect(bodies.map((record) => (record.body as { stays?: object[] }).stays?.length)).toEqual(
      Array.from({ length: 45 }, () => 1),
    );
  });
});

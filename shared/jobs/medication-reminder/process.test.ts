import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import type { Facts } from '../define-job-kind.ts';
import type { Done, JobView } from '../ports.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { rules } from './rules.ts';
import type { MedicationReminder } from './schema.ts';

const OWNER_ZONE = 'America/New_York';

/** Accepts and runs one job, as the engine would. */
async function set(
  bench: KindBench,
  schedule: Partial<MedicationReminder['schedule']> = {},
  job: Partial<JobView<MedicationReminder>> = {},
): Promise<Done> {
  const facts: Facts = { now: job.createdAt ?? bench.now, records: [] };
  const ruling = rules({ ...example, schedule: { ...example.schedule, ...schedule } }, facts);
  if (!ruling.ok) throw new Error('The rules refused the schedule.');
  return bench.commit(await process(bench.job(ruling.payload, job), bench.world()));
}

const resultOf = (done: Done) => {
  if (done.end !== 'succeeded') throw new Error(`It ended ${done.end}.`);
  return { ...done, children: done.children ?? [] };
};
const states = (bench: KindBench) =>
  bench.all('occurrence').map(({ body, state }) => [body.slots[0], state.status, state.scheduleRevision]);

describe('a first schedule', () => {
  const bench = new KindBench('2026-03-07T15:00:00.000Z');

  it('answers with its id, zone and the next five doses, local and in UTC', async () => {
    const { result, summary, children } = resultOf(await set(bench));
    expect(result).toMatchObject({
      schedule_revision: 1,
      frequency: 'BID',
      frequency_text: 'twice a day',
      times: ['08:00', '20:00'],
      times_source: 'request',
      high_alert: 'passed',
      time_zone: OWNER_ZONE,
      time_zone_source: 'request',
      start_date: '2026-03-07',
      warnings: [],
    });
    expect(result['next_occurrences']).toEqual([
      { due_at: '2026-03-08T01:00:00.000Z', local_time: '2026-03-07T20:00:00-05:00', slots: ['20:00'] },
      { due_at: '2026-03-08T12:00:00.000Z', local_time: '2026-03-08T08:00:00-04:00', slots: ['08:00'] },
      { due_at: '2026-03-09T00:00:00.000Z', local_time: '2026-03-08T20:00:00-04:00', slots: ['20:00'] },
      { due_at: '2026-03-09T12:00:00.000Z', local_time: '2026-03-09T08:00:00-04:00', slots: ['08:00'] },
      { due_at: '2026-03-10T00:00:00.000Z', local_time: '2026-03-09T20:00:00-04:00', slots: ['20:00'] },
    ]);
    expect(children).toEqual([]);
    expect(summary).not.toMatch(/demo|lisinopril|20:00/);
  });

  it('leaves user, medication and schedule behind', () => {
    expect(bench.all('user')).toMatchObject([
      { body: { userId: 'patient-demo', timeZone: OWNER_ZONE, timeZoneSource: 'first_request' } },
    ]);
    expect(bench.all('medication')).toMatchObject([
      { state: { status: 'active' }, body: { name: 'lisinopril 10 mg tablet' } },
    ]);
    expect(bench.all('schedule')).toMatchObject([
      {
        state: { status: 'active', nextDueAt: '2026-03-08T01:00:00.000Z', revision: 1 },
        body: { frequency: 'BID', timeZone: OWNER_ZONE, startDate: '2026-03-07' },
      },
    ]);
  });
});

describe('a dose within minutes', () => {
  it('is made at once with its delivery, because a tick may have looked already', async () => {
    const bench = new KindBench('2026-03-08T11:56:00.000Z');
    const { children } = resultOf(await set(bench));
    expect(states(bench)).toEqual([['08:00', 'scheduled', 1]]);
    expect(children).toMatchObject([
      {
        kind: 'reminder-delivery',
        dueAt: '2026-03-08T12:00:00.000Z',
        payload: {
          user_id: 'patient-demo',
          schedule_revision: 1,
          due_at: '2026-03-08T12:00:00.000Z',
          expires_at: '2026-03-08T18:00:00.000Z',
        },
      },
    ]);
    expect(bench.all('schedule')[0]?.state.nextDueAt).toBe('2026-03-09T00:00:00.000Z');
  });

  it('that was due before the request is not made up', async () => {
    const bench = new KindBench('2026-03-08T12:00:20.000Z');
    expect(resultOf(await set(bench)).children).toEqual([]);
    expect(states(bench)).toEqual([]);
  });

  it('that fell due while the job waited is still told, and recorded as not sent after its window', async () => {
    const late = new KindBench('2026-03-08T12:10:00.000Z');
    const accepted = { createdAt: '2026-03-08T11:59:00.000Z', dueAt: '2026-03-08T11:59:00.000Z' };
    expect(resultOf(await set(late, {}, accepted)).children).toHaveLength(1);
    const tooLate = new KindBench('2026-03-08T18:00:00.000Z');
    expect(resultOf(await set(tooLate, {}, accepted)).children).toEqual([]);
    expect(tooLate.all('occurrence')).toMatchObject([{ state: { status: 'not_sent', reason: 'too_late' } }]);
  });
});

describe('replacing a schedule', () => {
  it('moves the revision and takes over what was made but not told', async () => {
    const bench = new KindBench('2026-03-08T11:56:00.000Z');
    await set(bench);
    bench.now = '2026-03-08T11:57:00.000Z';
    const { children, result } = resultOf(await set(bench));
    expect(result).toMatchObject({ schedule_revision: 2, warnings: [] });
    expect(children.map(({ key }) => key.endsWith('#2'))).toEqual([true]);
    expect(states(bench)).toEqual([['08:00', 'scheduled', 2]]);
    expect(bench.all('schedule')).toHaveLength(1);
  });

  it.each([
    { status: 'sending', reason: null },
    { status: 'published', reason: null },
    { status: 'not_sent', reason: 'delivery_uncertain' },
  ] as const)('never repeats a dose that is or may have been told: %j', async (told) => {
    const bench = new KindBench('2026-03-08T11:59:00.000Z');
    await set(bench);
    const [made] = bench.all('occurrence');
    if (!made) throw new Error('No occurrence was made.');
    bench.write({
      ...made,
      owner: bench.refs.user('patient-demo'),
      expect: 1,
      state: { ...made.state, ...told },
    });
    const again = resultOf(await set(bench));
    expect(again.children).toEqual([]);
    expect(again.result['warnings']).toMatchObject([{ code: 'already_reminded', due_at: made.state.dueAt }]);
  });

  it.each([
    ['Q90D', '2026-02-10', true],
    ['Q90D', '2026-02-16', false],
    ['Q12MO', '2026-06-28', true],
  ])(
    'by %s keeps half the interval to a dose that was told on 1 January: due on %s',
    async (frequency, startDate, isClose) => {
      const bench = new KindBench('2026-01-01T12:59:00.000Z');
      await set(bench, { frequency, times: ['08:00'], start_date: '2026-01-01' });
      const [first] = bench.all('occurrence');
      if (!first) throw new Error('No occurrence was made.');
      const state = { ...first.state, status: 'published' as const };
      bench.write({ ...first, owner: bench.refs.user('patient-demo'), expect: first.version, state });
      bench.now = `${startDate.slice(0, 8)}05T12:00:00.000Z`;
      const { result } = resultOf(await set(bench, { frequency, times: ['08:00'], start_date: startDate }));
      expect(result['warnings']).toMatchObject(isClose ? [{ code: 'too_close' }] : []);
      expect(states(bench).slice(1)).toEqual(isClose ? [['08:00', 'not_sent', 2]] : []);
    },
  );

  it('is ordered by acceptance: an older job that runs late is superseded', async () => {
    const bench = new KindBench('2026-03-08T09:00:00.000Z');
    await set(bench, { frequency: 'QD', times: ['21:00'] });
    const older = await set(bench, {}, { createdAt: '2026-03-08T08:59:59.000Z' });
    expect(older).toMatchObject({ end: 'superseded', reason: 'newer_schedule' });
    expect(bench.all('schedule')).toMatchObject([{ body: { frequency: 'QD' }, state: { revision: 1 } }]);
  });

  const stopped = (bench: KindBench, stoppedAt: string) => {
    const ids = { userId: 'patient-demo', medicationId: example.medication_id };
    const owner = bench.refs.user(ids.userId);
    const id = bench.refs.medication(ids.userId, ids.medicationId);
    bench.write({
      type: 'medication',
      owner,
      id,
      expect: 'any',
      state: { status: 'stopped', stoppedAt },
      body: ids,
    });
  };

  it('a medication that was stopped after the job was accepted stays stopped, also before its first schedule', async () => {
    const bench = new KindBench('2026-03-08T09:00:00.000Z');
    stopped(bench, '2026-03-08T08:59:00.000Z');
    const accepted = { createdAt: '2026-03-08T08:58:59.999Z' };
    expect(await set(bench, {}, accepted)).toMatchObject({ end: 'superseded', reason: 'medication_stopped' });
    expect(bench.all('schedule')).toEqual([]);
    expect(await set(bench, {}, { createdAt: '2026-03-08T08:59:00.001Z' })).toMatchObject({
      end: 'succeeded',
    });
    expect(bench.all('medication')).toMatchObject([{ state: { status: 'active' } }]);
    expect(bench.all('medication')[0]?.state).not.toHaveProperty('stoppedAt');
  });

  it('writes the medication with its first schedule, so that a stop in that moment has to wait', async () => {
    const bench = new KindBench('2026-03-08T09:00:00.000Z');
    stopped(bench, '2026-03-08T08:00:00.000Z');
    const owner = bench.refs.user('patient-demo');
    const [medication] = bench.all('medication');
    if (!medication) throw new Error('No medication was stored.');
    bench.write({ ...medication, owner, expect: 1, state: { status: 'active' } });
    const { writes } = resultOf(await set(bench));
    expect(writes).toContainEqual(expect.objectContaining({ type: 'medication', expect: 2 }));
  });

  it('makes a stopped medication active again', async () => {
    const bench = new KindBench('2026-03-08T09:00:00.000Z');
    await set(bench);
    const [medication] = bench.all('medication');
    if (!medication) throw new Error('No medication was stored.');
    bench.write({
      ...medication,
      owner: bench.refs.user('patient-demo'),
      expect: 1,
      state: { status: 'stopped' },
    });
    await set(bench);
    expect(bench.all('medication')).toMatchObject([{ state: { status: 'active' }, version: 3 }]);
  });
});

describe('time', () => {
  it('moves the 02:30 dose of the spring-forward day to 03:30, once', async () => {
    const bench = new KindBench('2026-03-08T07:25:00.000Z');
    const { children, result } = resultOf(await set(bench, { frequency: 'QD', times: ['02:30'] }));
    expect(children.map(({ dueAt }) => dueAt)).toEqual(['2026-03-08T07:30:00.000Z']);
    expect(bench.all('occurrence')[0]?.body.localTime).toBe('2026-03-08T03:30:00-04:00');
    expect(result['next_occurrences']).toMatchObject([
      { local_time: '2026-03-08T03:30:00-04:00' },
      { local_time: '2026-03-09T02:30:00-04:00' },
      {},
      {},
      {},
    ]);
  });

  it('keeps elapsed hours', async () => {
    const bench = new KindBench('2026-03-08T05:00:30.000Z');
    const { result } = resultOf(await set(bench, { frequency: 'Q5H', times: [] }));
    expect(result['next_occurrences']).toMatchObject([
      { due_at: '2026-03-08T10:00:00.000Z', local_time: '2026-03-08T06:00:00-04:00' },
      { due_at: '2026-03-08T15:00:00.000Z' },
      {},
      {},
      {},
    ]);
  });
});

describe('what else the request says', () => {
  it('is stored with the schedule, and fills what is not known of the medication', async () => {
    const bench = new KindBench('2026-03-08T09:00:00.000Z');
    await set(bench, { medication_name: 'aspirin 81 mg tablet' });
    await set(bench, {
      medication_name: 'lisinopril 10 mg tablet',
      dose_units: 0.5,
      follow_up: { count: 2, every_minutes: 15 },
      escalate_after_minutes: 90,
      late_window_minutes: 120,
      critical: true,
    });
    expect(bench.all('schedule')[0]?.body).toMatchObject({
      medicationName: 'lisinopril 10 mg tablet',
      doseUnits: 0.5,
      followUp: { count: 2, everyMinutes: 15 },
      escalateAfterMinutes: 90,
      lateWindowMinutes: 120,
      critical: true,
    });
    expect(bench.all('medication')[0]?.body).toMatchObject({ name: 'aspirin 81 mg tablet', doseUnits: 0.5 });
  });

  it('is answered where the service decided: default times, and a frequency that nobody could check', async () => {
    const bench = new KindBench('2026-03-08T09:00:00.000Z');
    const { times: _, ...schedule } = { ...example.schedule, medication_name: 'no such medicine' };
    const ruling = rules({ ...example, schedule }, { now: bench.now, records: [] });
    if (!ruling.ok) throw new Error('The rules refused the schedule.');
    const { result } = resultOf(bench.commit(await process(bench.job(ruling.payload), bench.world())));
    expect(result).toMatchObject({
      times: ['08:00', '20:00'],
      times_source: 'default',
      high_alert: 'not_checked',
      warnings: [{ code: 'default_times_used' }, { code: 'high_alert_not_checked' }],
    });
  });

  it.each([
    ['BID', ['08:00', '12:00']],
    ['Q8H', ['08:00', '12:00', '22:00']],
  ])(
    'warns of clock times so near to each other that a late reminder meets the next dose: %s',
    async (frequency, times) => {
      const bench = new KindBench('2026-03-08T09:00:00.000Z');
      const schedule = { ...example.schedule, frequency, times };
      const ruling = rules({ ...example, schedule }, { now: bench.now, records: [] });
      if (!ruling.ok) throw new Error('The rules refused the schedule.');
      const { result } = resultOf(bench.commit(await process(bench.job(ruling.payload), bench.world())));
      expect(result['warnings']).toContainEqual({
        pointer: '/schedule/times',
        code: 'doses_close_together',
        detail: expect.stringContaining('only 4 hours apart'),
      });
    },
  );

  it('as needed has a schedule and no reminder, now or later', async () => {
    const bench = new KindBench('2026-03-08T11:56:00.000Z');
    const { children, result } = resultOf(
      await set(bench, { frequency: 'PRN', times: [], max_doses_per_day: 4 }),
    );
    expect(children).toEqual([]);
    expect(result).toMatchObject({
      frequency_text: 'as needed, at most 4 times a day',
      next_occurrences: [],
    });
    expect(bench.all('schedule')).toMatchObject([
      { state: { status: 'active', nextDueAt: null }, body: { frequency: 'PRN', maxDosesPerDay: 4 } },
    ]);
  });

  it('a single dose is due within the next minute, once', async () => {
    const bench = new KindBench('2026-03-08T11:56:20.000Z');
    const { children, result } = resultOf(await set(bench, { frequency: 'STAT', times: [] }));
    expect(children.map(({ dueAt }) => dueAt)).toEqual(['2026-03-08T11:57:00.000Z']);
    expect(result).toMatchObject({
      frequency_text: 'one dose',
      next_occurrences: [{ slots: ['07:57-04:00'] }],
    });
    expect(bench.all('schedule')[0]?.state.nextDueAt).toBeNull();
  });

  it('a single dose of a job that runs later is due then', async () => {
    const accepted = { createdAt: '2026-03-08T11:56:20.000Z', dueAt: '2026-03-10T09:30:00.000Z' };
    const bench = new KindBench('2026-03-10T09:30:02.000Z');
    const { children } = resultOf(await set(bench, { frequency: 'STAT', times: [] }, accepted));
    expect(children.map(({ dueAt }) => dueAt)).toEqual(['2026-03-10T09:30:00.000Z']);
    expect(bench.all('schedule')[0]?.body).toMatchObject({ startDate: '2026-03-10', endDate: '2026-03-10' });
  });
});

it('fails for good when the payload was never completed', async () => {
  const bench = new KindBench('2026-03-08T05:00:30.000Z');
  const job = bench.job<MedicationReminder>({ ...example, schedule: { frequency: 'QD' } });
  await expect(process(job, bench.world())).rejects.toMatchObject({ code: 'incomplete_schedule' });
});

it('warns and counts when the zone is only the deployment’s', async () => {
  const bench = new KindBench('2026-03-08T05:00:00.000Z');
  const { time_zone: _, ...schedule } = example.schedule;
  const ruling = rules(
    { ...example, schedule },
    { now: bench.now, records: [], defaultTimeZone: 'Asia/Tokyo' },
  );
  if (!ruling.ok) throw new Error('The rules refused the schedule.');
  const done = bench.commit(await process(bench.job(ruling.payload), bench.world()));
  expect(done).toMatchObject({
    counts: { default_time_zone_used: 1 },
    result: {
      time_zone: 'Asia/Tokyo',
      time_zone_source: 'default',
      warnings: [{ code: 'default_time_zone_used' }],
    },
  });
  expect(bench.all('user')[0]?.body).toEqual({ userId: 'patient-demo' });
});

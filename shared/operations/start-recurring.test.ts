import { describe, expect, it } from 'vitest';
import { createTestEngine, logged, rowOf, type TestEngine, withStore } from '#test/builders/test-engine.ts';
import type { RecurringEvent } from '../contract/functions.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { startRecurring } from './start-recurring.ts';

const START = '2026-03-08T10:00:07.000Z';
const TIME = '2026-03-08T10:00:05Z';
const engineOf = () => createTestEngine(JOB_KINDS, { start: START });
const PEOPLE = ['adherence', 'reminders', 'refills', 'supply', 'interactions'];

/** An engine whose deployer has named a zone. */
const engineIn = (defaultTimeZone: string) => ({ ...engineOf(), settings: { defaultTimeZone } });

async function started(run: RecurringEvent['run'], time = TIME, engine: TestEngine = engineOf()) {
  const { jobId } = await startRecurring(engine, { run, time });
  const row = await rowOf(engine, jobId);
  return { engine, row, payload: await engine.store.payload(row) };
}

describe('a recurring rule', () => {
  it.each([
    ['hourly-roll-up', '2026-03-08T09:00:00.000Z', '2026-03-08T10:00:00.000Z', {}, ['jobs', 'security']],
    [
      'daily-roll-up',
      '2026-03-07T00:00:00.000Z',
      '2026-03-08T00:00:00.000Z',
      { time_zone: 'Etc/UTC' },
      ['jobs', 'security'],
    ],
    [
      'daily-people-roll-up',
      '2026-03-05T00:00:00.000Z',
      '2026-03-06T00:00:00.000Z',
      { time_zone: 'Etc/UTC' },
      PEOPLE,
    ],
    [
      'monthly-roll-up',
      '2026-02-01T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
      { time_zone: 'Etc/UTC' },
      [...PEOPLE, 'jobs', 'security'],
    ],
  ] as const)('%s rolls up the last whole window', async (run, start, end, zone, metrics_types) => {
    const { engine, row, payload } = await started(run);
    expect(row).toMatchObject({
      kind: 'analytics-roll-up',
      status: 'queued',
      priority: 'LOW',
      dueAt: START,
      actorRef: 'system:recurring',
    });
    expect(payload['body']).toEqual({ time_range: { start, end }, metrics_types, ...zone });
    expect(engine.queue.sent).toMatchObject([{ message: { jobId: row.jobId }, delaySeconds: 0 }]);
  });

  it.each([
    // The clock goes forward: 23 hours, then back: 25.
    ['America/New_York', '2026-03-09T04:20:00Z', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
    ['America/New_York', '2026-11-02T05:20:00Z', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    // Half an hour off the UTC hour; and a zone whose day has not ended yet.
    ['Asia/Kolkata', '2026-03-08T19:20:00Z', '2026-03-07T18:30:00.000Z', '2026-03-08T18:30:00.000Z'],
    ['Asia/Kolkata', '2026-03-08T18:20:00Z', '2026-03-06T18:30:00.000Z', '2026-03-07T18:30:00.000Z'],
    // Midnight does not exist on that day.
    ['Africa/Cairo', '2026-04-25T00:20:00Z', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
  ])('daily-roll-up is about the last whole day in %s at %s', async (zone, time, start, end) => {
    const { payload } = await started('daily-roll-up', time, engineIn(zone));
    expect(payload).toMatchObject({ body: { time_range: { start, end }, time_zone: zone } });
  });

  it('daily-roll-up fires each hour and makes one job for each local day', async () => {
    const engine = engineIn('Australia/Lord_Howe');
    const created: string[] = [];
    for (let hour = 0; hour < 72; hour += 1) {
      const time = addSeconds('2026-10-03T00:20:00.000Z', hour * 3600);
      if ((await startRecurring(engine, { run: 'daily-roll-up', time })).created) created.push(time);
    }
    // 10:30 and, from the 4th on, 11 hours ahead of UTC: the day ends at 13:30, then at 13:00.
    expect(created).toEqual([
      '2026-10-03T00:20:00.000Z',
      '2026-10-03T14:20:00.000Z',
      '2026-10-04T13:20:00.000Z',
      '2026-10-05T13:20:00.000Z',
    ]);
    const payloads = [...engine.db.payloads.values()].map(({ body }) => body);
    expect(payloads).toMatchObject([
      {},
      { time_range: { start: '2026-10-02T13:30:00.000Z', end: '2026-10-03T13:30:00.000Z' } },
      { time_range: { start: '2026-10-03T13:30:00.000Z', end: '2026-10-04T13:00:00.000Z' } },
      { time_range: { start: '2026-10-04T13:00:00.000Z', end: '2026-10-05T13:00:00.000Z' } },
    ]);
  });

  it.each([
    ['Europe/Berlin', '2026-04-30T13:50:00Z', '2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-01-02T13:50:00Z', '2025-11-30T10:00:00.000Z', '2025-12-31T10:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-01-01T13:50:00Z', '2025-10-31T10:00:00.000Z', '2025-11-30T10:00:00.000Z'],
    ['Etc/GMT+12', '2026-03-03T13:50:00Z', '2026-02-01T12:00:00.000Z', '2026-03-01T12:00:00.000Z'],
  ])(
    'monthly-roll-up is about the last month that is settled in %s, once',
    async (zone, time, start, end) => {
      const engine = engineIn(zone);
      const { payload } = await started('monthly-roll-up', time, engine);
      expect(payload).toMatchObject({ body: { time_range: { start, end }, time_zone: zone } });
      await startRecurring(engine, { run: 'monthly-roll-up', time: addSeconds(time, 3600) });
      expect(engine.db.rows.size).toBe(1);
    },
  );

  it('daily-backup writes under the day’s own path', async () => {
    const { row, payload } = await started('daily-backup');
    expect(row).toMatchObject({ kind: 'backup', status: 'queued', priority: 'LOW' });
    expect(payload).toMatchObject({
      body: { backup_type: 'incremental', storage_config: { type: 's3', path: 'scheduled/2026-03-08' } },
    });
  });

  it.each([
    ['2026-03-08T03:40:00Z', 'scheduled/2026-03-08'],
    // A day that was missed is made good by the next one, and is no second week.
    ['2026-03-14T03:40:00Z', 'scheduled/2026-03-08'],
    ['2026-03-15T03:40:00Z', 'scheduled/2026-03-15'],
    // The first Sunday of a month: kept for years.
    ['2026-03-01T03:40:00Z', 'monthly/2026-03'],
    ['2026-02-28T03:40:00Z', 'scheduled/2026-02-22'],
    ['2027-01-02T03:40:00Z', 'scheduled/2026-12-27'],
    ['2027-01-03T03:40:00Z', 'monthly/2027-01'],
  ])('weekly-backup is a full one each week: at %s', async (time, path) => {
    const { engine, row, payload } = await started('weekly-backup', time);
    expect(row).toMatchObject({ kind: 'backup', priority: 'LOW' });
    expect(payload).toMatchObject({ body: { backup_type: 'full', storage_config: { type: 's3', path } } });
    await startRecurring(engine, { run: 'weekly-backup', time });
    expect(engine.db.rows.size).toBe(1);
  });

  it('daily-supply-sweep is about everybody, once a day', async () => {
    const { engine, row, payload } = await started('daily-supply-sweep');
    expect(row).toMatchObject({ kind: 'supply-sweep', status: 'queued', priority: 'LOW' });
    expect(payload).toMatchObject({ body: { prefixes: [''] } });
    await startRecurring(engine, { run: 'daily-supply-sweep', time: '2026-03-08T23:59:00Z' });
    expect(engine.db.rows.size).toBe(1);
  });

  it('monthly-restore-drill is made once a month, on the first day on which it can be', async () => {
    const { engine, row, payload } = await started('monthly-restore-drill', '2026-03-02T06:10:00Z');
    expect(row).toMatchObject({ kind: 'restore-drill', status: 'queued', priority: 'LOW' });
    expect(payload).toMatchObject({ body: { month: '2026-03' } });
    for (const time of ['2026-03-03T06:10:00Z', '2026-03-31T06:10:00Z'])
      await startRecurring(engine, { run: 'monthly-restore-drill', time });
    expect(engine.db.rows.size).toBe(1);
    await startRecurring(engine, { run: 'monthly-restore-drill', time: '2026-04-01T06:10:00Z' });
    expect(engine.db.rows.size).toBe(2);
    // Asked for by a person: beside that of the month, once a minute.
    for (const time of ['2026-04-02T06:10:00Z', '2026-04-02T06:10:59Z', '2026-04-02T06:11:00Z'])
      await startRecurring(engine, { run: 'restore-drill', time });
    expect(engine.db.rows.size).toBe(4);
  });

  it.each([
    'hourly-roll-up',
    'daily-roll-up',
    'daily-people-roll-up',
    'monthly-roll-up',
    'daily-backup',
    'weekly-backup',
    'daily-supply-sweep',
    'monthly-restore-drill',
  ] as const)('%s: the payload passes the rules of its kind', async (run) => {
    const { engine, row, payload } = await started(run);
    const kind = engine.kinds.get(row.kind);
    const body = payload['body'] as Record<string, string>; // An envelope's body.
    expect(kind?.open(body).rules({ now: START, records: [] })).toMatchObject({ ok: true });
  });

  it('delivered twice makes one job and one message, also seconds later and in a race', async () => {
    const engine = engineOf();
    const event = { run: 'hourly-roll-up', time: TIME } as const;
    const answers = await Promise.all([startRecurring(engine, event), startRecurring(engine, event)]);
    engine.time.advance(40);
    answers.push(await startRecurring(engine, { ...event, time: '2026-03-08T10:00:59Z' }));
    expect(new Set(answers.map((one) => one.jobId)).size).toBe(1);
    expect(answers.map((one) => one.created)).toEqual([true, false, false]);
    expect(engine.db.rows.size).toBe(1);
    expect(engine.queue.sent).toHaveLength(1);
    const told = logged(engine, 'schedule.started').map((line) => line.fields['reason']);
    expect(told.toSorted()).toEqual(['created', 'exists', 'exists']);
  });

  it('makes another job for another window and another rule', async () => {
    const engine = engineOf();
    const events: RecurringEvent[] = [
      { run: 'hourly-roll-up', time: TIME },
      { run: 'hourly-roll-up', time: '2026-03-08T11:00:05Z' },
      { run: 'daily-roll-up', time: '2026-03-08T00:00:05Z' },
      { run: 'hourly-roll-up', time: '2026-03-08T00:00:05Z' },
      { run: 'daily-backup', time: TIME },
      { run: 'daily-backup', time: '2026-03-09T10:00:05Z' },
    ];
    for (const event of events) await startRecurring(engine, event);
    expect(engine.db.rows.size).toBe(events.length);
  });

  it('stands although its message is not taken', async () => {
    const engine = engineOf();
    engine.queue.mood = 'refuses';
    const { jobId } = await startRecurring(engine, { run: 'daily-backup', time: TIME });
    expect(await rowOf(engine, jobId)).toMatchObject({ status: 'queued' });
  });

  it('fails when the store does, so that its event is repeated', async () => {
    const away = withStore(engineOf(), { accept: async () => Promise.reject(new Error('away')) });
    await expect(startRecurring(away, { run: 'daily-backup', time: TIME })).rejects.toThrow('away');
  });

  it.each([
    { run: 'daily-backup', time: 'soon' },
    { run: 'yearly-party', time: TIME },
  ])('refuses an event that it cannot read: $run at $time', async (event) => {
    const engine = engineOf();
    await expect(startRecurring(engine, event as RecurringEvent)).rejects.toThrow(/recurring event/);
    expect(engine.db.rows.size).toBe(0);
  });
});

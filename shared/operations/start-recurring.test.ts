import { describe, expect, it } from 'vitest';
import { createTestEngine, logged, rowOf, withStore } from '#test/builders/test-engine.ts';
import type { RecurringEvent } from '../contract/functions.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { startRecurring } from './start-recurring.ts';

const START = '2026-03-08T10:00:07.000Z';
const TIME = '2026-03-08T10:00:05Z';
const engineOf = () => createTestEngine(JOB_KINDS, { start: START });

async function started(run: RecurringEvent['run'], time = TIME) {
  const engine = engineOf();
  const { jobId } = await startRecurring(engine, { run, time });
  const row = await rowOf(engine, jobId);
  return { engine, row, payload: await engine.store.payload(row) };
}

describe('a recurring rule', () => {
  it.each([
    ['hourly-roll-up', '2026-03-08T09:00:00.000Z', '2026-03-08T10:00:00.000Z'],
    ['daily-roll-up', '2026-03-07T00:00:00.000Z', '2026-03-08T00:00:00.000Z'],
    ['monthly-roll-up', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ] as const)('%s rolls up the last whole window', async (run, start, end) => {
    const { engine, row, payload } = await started(run);
    expect(row).toMatchObject({
      kind: 'analytics-roll-up',
      status: 'queued',
      priority: 'LOW',
      dueAt: START,
      actorRef: 'system:recurring',
    });
    expect(payload).toMatchObject({
      body: { time_range: { start, end }, metrics_types: ['jobs', 'security'] },
    });
    expect(engine.queue.sent).toMatchObject([{ message: { jobId: row.jobId }, delaySeconds: 0 }]);
  });

  it('daily-backup writes under the day’s own path', async () => {
    const { row, payload } = await started('daily-backup');
    expect(row).toMatchObject({ kind: 'backup', status: 'queued', priority: 'LOW' });
    expect(payload).toMatchObject({
      body: { backup_type: 'full', storage_config: { type: 's3', path: 'scheduled/2026-03-08' } },
    });
  });

  it('daily-supply-sweep is about everybody, once a day', async () => {
    const { engine, row, payload } = await started('daily-supply-sweep');
    expect(row).toMatchObject({ kind: 'supply-sweep', status: 'queued', priority: 'LOW' });
    expect(payload).toMatchObject({ body: { prefixes: [''] } });
    await startRecurring(engine, { run: 'daily-supply-sweep', time: '2026-03-08T23:59:00Z' });
    expect(engine.db.rows.size).toBe(1);
  });

  it.each([
    'hourly-roll-up',
    'daily-roll-up',
    'monthly-roll-up',
    'daily-backup',
    'daily-supply-sweep',
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
      { run: 'monthly-roll-up', time: '2026-03-03T01:20:05Z' },
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

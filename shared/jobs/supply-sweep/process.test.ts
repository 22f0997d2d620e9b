import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { tzdataVersion } from '../../clinical/index.ts';
import type { ChildJob, ChildOutcome, MedicationStatus, ScheduleBody } from '../ports.ts';
import { process } from './process.ts';

const NOW = '2026-03-04T11:10:00.000Z';

function user(
  bench: KindBench,
  userId: string,
  medications: Readonly<Record<string, MedicationStatus>>,
): void {
  const owner = bench.refs.user(userId);
  for (const [medicationId, status] of Object.entries(medications)) {
    const lastSnapshot = { medicationId, supplyUnits: 5, takenAt: NOW, result: {} };
    bench.write({
      type: 'medication',
      owner,
      id: bench.refs.medication(userId, medicationId),
      expect: 'absent',
      state: { status },
      body: { userId, medicationId, ...(medicationId !== 'uncounted' && { lastSnapshot }) },
    });
  }
}

const run = async (bench: KindBench, prefixes: string[], children: readonly ChildOutcome[] = [], round = 0) =>
  process(bench.job({ prefixes }, { round, children }), bench.world());

/** Runs a page and all pages below it, as the engine would. */
async function runAll(
  bench: KindBench,
  prefixes: readonly string[],
  monitors: ChildJob[],
): Promise<ChildOutcome> {
  const first = await run(bench, [...prefixes]);
  if (first.end === 'succeeded') {
    monitors.push(...(first.children ?? []));
    return { jobId: 'j', key: 'k', status: 'succeeded', result: first.result };
  }
  if (first.end !== 'waiting') throw new Error(`It ended ${first.end}.`);
  expect(first.children.length).toBeLessThanOrEqual(30);
  const children: ChildOutcome[] = [];
  for (const { payload } of first.children)
    children.push(await runAll(bench, payload['prefixes'] as string[], monitors));
  const last = await run(bench, [...prefixes], children, 1);
  if (last.end !== 'succeeded') throw new Error(`It ended ${last.end}.`);
  return { jobId: 'j', key: 'k', status: 'succeeded', result: last.result };
}

describe('a supply sweep', () => {
  it('has the counted, active medications of each user watched', async () => {
    const bench = new KindBench(NOW);
    user(bench, 'p1', {
      m1: 'active',
      m2: 'active',
      stopped: 'stopped',
      paused: 'paused',
      uncounted: 'active',
    });
    user(bench, 'p2', { stopped: 'stopped' });
    const done = await run(bench, ['']);
    expect(done).toMatchObject({
      end: 'succeeded',
      result: { users: 2, monitors: 1, pages: 1 },
      summary: '2 users, 1 monitors, 1 pages',
    });
    const [monitor] = done.end === 'succeeded' ? (done.children ?? []) : [];
    expect(monitor).toMatchObject({
      kind: 'supply-monitor',
      priority: 'LOW',
      userRef: bench.refs.user('p1'),
    });
    expect(monitor?.payload['user_id']).toBe('p1');
    expect([monitor?.payload['medications']].flat().toSorted()).toEqual(['m1', 'm2']);
  });

  it('makes several monitors for somebody with many medications', async () => {
    const bench = new KindBench(NOW);
    const ids = Array.from({ length: 45 }, (_, index) => [`m${index}`, 'active'] as const);
    user(bench, 'p1', Object.fromEntries(ids));
    const done = await run(bench, ['']);
    const children = done.end === 'succeeded' ? (done.children ?? []) : [];
    expect(children.map(({ payload }) => [payload['medications']].flat().length)).toEqual([20, 20, 5]);
    expect(new Set(children.map(({ key }) => key)).size).toBe(3);
  });

  it('splits itself into pages until each is small, and then everybody was looked at once', async () => {
    const bench = new KindBench(NOW);
    const users = Array.from({ length: 700 }, (_, index) => `p${index}`);
    for (const id of users) user(bench, id, { m1: 'active' });
    const monitors: ChildJob[] = [];
    const total = await runAll(bench, [''], monitors);
    expect(monitors.map(({ payload }) => payload['user_id']).toSorted()).toEqual(users.toSorted());
    expect(total.result).toMatchObject({ users: 700, monitors: 700 });
    expect(Number(total.result?.['pages'])).toBeGreaterThan(28);
  });

  it('has schedules follow new zone data, and the zone of a user that they have missed', async () => {
    const bench = new KindBench(NOW);
    const schedule = (userId: string, body: Partial<ScheduleBody>, nextDueAt: string | null = NOW) => {
      user(bench, userId, { m1: 'active' });
      bench.write({
        type: 'schedule',
        owner: bench.refs.user(userId),
        id: bench.refs.medication(userId, 'm1'),
        expect: 'absent',
        state: { status: 'active', nextDueAt, acceptedAt: NOW, revision: 1 },
        body: {
          userId,
          medicationId: 'm1',
          frequency: 'QD',
          times: ['08:00'],
          timeZone: 'Europe/Berlin',
          timeZoneSource: 'user',
          startDate: '2026-03-01',
          tzdataVersion: tzdataVersion(),
          ...body,
        },
      });
    };
    schedule('up-to-date', {});
    schedule('old-data', { tzdataVersion: '2019a' });
    schedule('ended', { tzdataVersion: '2019a' }, null);
    schedule('moved', {});
    schedule('own-zone', { timeZoneSource: 'request' });
    for (const userId of ['moved', 'own-zone'])
      bench.write({
        type: 'user',
        owner: bench.refs.user(userId),
        id: '',
        expect: 'absent',
        state: {},
        body: { userId, timeZone: 'Europe/Lisbon' },
      });
    const done = await run(bench, ['']);
    expect(done).toMatchObject({ result: { users: 5, updates: 2 } });
    const updates = (done.end === 'succeeded' ? (done.children ?? []) : []).filter(
      ({ kind }) => kind === 'schedule-update',
    );
    expect(updates.map(({ payload, priority }) => [payload, priority])).toEqual(
      expect.arrayContaining([
        [{ user_id: 'old-data', reason: 'tzdata' }, 'LOW'],
        [{ user_id: 'moved', reason: 'zone' }, 'LOW'],
      ]),
    );
  });

  it('fails when a page did, because somebody was not looked at', async () => {
    const children = [
      { jobId: 'a', key: 'a', status: 'succeeded', result: { users: 1, monitors: 1, pages: 1 } },
      { jobId: 'b', key: 'b', status: 'failed' },
    ];
    await expect(run(new KindBench(NOW), [''], children, 1)).rejects.toMatchObject({ code: 'page_failed' });
  });
});

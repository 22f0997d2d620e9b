import { expect, it } from 'vitest';
import { createTestEngine, deliverAll, rowOf, type TestEngine } from '#test/builders/test-engine.ts';
import type { RecordWrite } from '../jobs/ports.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { startRecurring } from './start-recurring.ts';

const START = '2026-03-04T11:10:05.000Z';
const COUNTED = '2026-03-02T17:00:00.000Z';
const TIME = '2026-03-04T11:10:00Z';

/** Somebody who takes one medication twice daily, counted two days and so four doses ago. */
function person({ db, refs }: TestEngine, userId: string, supplyUnits: number): void {
  const owner = refs.user(userId);
  const medicationId = 'm1';
  const id = refs.medication(userId, medicationId);
  const ids = { userId, medicationId };
  const lastSnapshot = { medicationId, supplyUnits, takenAt: COUNTED, result: {} };
  const writes: RecordWrite[] = [
    {
      type: 'medication',
      owner,
      id,
      expect: 'absent',
      state: { status: 'active' },
      body: { ...ids, lastSnapshot },
    },
    {
      type: 'schedule',
      owner,
      id,
      expect: 'absent',
      state: { status: 'active', nextDueAt: null, acceptedAt: COUNTED, revision: 1 },
      body: {
        ...ids,
        frequency: 'BID',
        times: ['08:00', '20:00'],
        timeZone: 'Europe/Berlin',
        startDate: '2026-03-01',
        tzdataVersion: 't',
      },
    },
  ];
  db.applyWrites(writes);
}

const rowsOf = (engine: TestEngine, kind: string) =>
  [...engine.db.rows.values()].filter((row) => row.kind === kind);

it('the daily sweep looks at everybody once, checks who runs low and tells them once', async () => {
  const engine = createTestEngine(JOB_KINDS, { start: START });
  // Enough for pages of pages: the first is split, and the sweep waits for all of them.
  for (let count = 0; count < 60; count += 1) person(engine, `well-${count}`, 200);
  person(engine, 'low', 10);

  const { jobId } = await startRecurring(engine, { run: 'daily-supply-sweep', time: TIME });
  await deliverAll(engine);

  const sweep = await rowOf(engine, jobId);
  expect(sweep.status).toBe('succeeded');
  expect(await engine.store.result(sweep)).toMatchObject({ users: 61, monitors: 61 });
  expect(rowsOf(engine, 'supply-sweep').length).toBeGreaterThan(1);
  const monitors = rowsOf(engine, 'supply-monitor');
  expect(new Set(monitors.map(({ userRef }) => userRef)).size).toBe(61);
  expect(rowsOf(engine, 'refill-check').map(({ userRef }) => userRef)).toEqual([engine.refs.user('low')]);
  expect(new Set([...engine.db.rows.values()].map(({ status }) => status))).toEqual(new Set(['succeeded']));
  expect(engine.publisher.supply).toMatchObject([{ user_id: 'low', medication_id: 'm1' }]);

  engine.time.advance(86_400);
  await startRecurring(engine, { run: 'daily-supply-sweep', time: '2026-03-05T11:10:00Z' });
  await deliverAll(engine);
  expect(rowsOf(engine, 'supply-monitor')).toHaveLength(122);
  expect(engine.publisher.supply).toHaveLength(1);
});

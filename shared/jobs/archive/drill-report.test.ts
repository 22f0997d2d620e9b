import { expect, it } from 'vitest';
import { createInMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { drillReport, keepDrillReport, lastDrills } from './drill-report.ts';
import { newDrill } from './drill-run.ts';

const passed = {
  ...newDrill('2026-10-01T06:10:00.000Z'),
  phase: 'done' as const,
  backup_id: 'full',
  newest_change: '2026-10-01T06:08:30.000Z',
  compared_at: '2026-10-01T06:14:00.000Z',
};
const failed = { ...newDrill('2026-11-01T06:10:00.000Z'), faults: ['There is no finished backup.'] };

it('what drills have shown is kept in the bucket, and read again the newest first', async () => {
  const archive = createInMemoryArchive();
  for (const [id, month, run] of [
    ['one', '2026-10', passed],
    ['two', '2026-11', failed],
    // A repeated attempt.
    ['two', '2026-11', failed],
  ] as const)
    await keepDrillReport(archive, drillReport(id, month, run));
  expect([...archive.objects.keys()]).toEqual([
    'drills/20261001T061000.000Z-one.json',
    'drills/20261101T061000.000Z-two.json',
  ]);
  const { drills, unreadable } = await lastDrills(archive, 12);
  expect(unreadable).toEqual([]);
  expect(drills).toEqual([
    {
      job_id: 'two',
      month: '2026-11',
      passed: false,
      backup_id: null,
      started_at: failed.started_at,
      compared_at: null,
      restore_rto_seconds: null,
      restore_rpo_seconds: null,
      faults: ['There is no finished backup.'],
    },
    {
      job_id: 'one',
      month: '2026-10',
      passed: true,
      backup_id: 'full',
      started_at: passed.started_at,
      compared_at: passed.compared_at,
      restore_rto_seconds: 240,
      restore_rpo_seconds: 90,
      faults: [],
    },
  ]);
  expect((await lastDrills(archive, 1)).drills).toMatchObject([{ job_id: 'two' }]);
});

it.each(['{}', 'no JSON', '{"job_id":"x","passed":"yes"}'])(
  'what is no report is told, and hides none: %s',
  async (text) => {
    const archive = createInMemoryArchive();
    await keepDrillReport(archive, drillReport('one', '2026-10', passed));
    archive.objects.set('drills/20261101T061000.000Z-x.json', Buffer.from(text));
    expect(await lastDrills(archive, 12)).toMatchObject({
      drills: [{ job_id: 'one' }],
      unreadable: ['drills/20261101T061000.000Z-x.json'],
    });
  },
);

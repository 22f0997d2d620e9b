import { expect, it } from 'vitest';
import { createTestEngine } from '#test/builders/test-engine.ts';
import { measureBackupAge } from './measure-backup-age.ts';

it('the age of the newest backup is told each time, and nothing where there is none', async () => {
  const engine = createTestEngine([], { start: '2026-03-02T03:00:00.000Z' });
  await measureBackupAge(engine);
  expect(engine.metrics.all).toEqual([]);
  const latest = { type: 'backup', owner: 'SYSTEM', id: 'latest', expect: 'any', body: {} } as const;
  engine.db.applyWrites([{ ...latest, state: { status: 'completed', until: '2026-03-01T02:38:00.000Z' } }]);
  await measureBackupAge(engine);
  // What was counted before its time has no negative age.
  engine.db.applyWrites([{ ...latest, state: { status: 'completed', until: '2026-03-02T03:00:01.000Z' } }]);
  await measureBackupAge(engine);
  expect(engine.metrics.all).toEqual(
    [24 * 3_600 + 22 * 60, 0].map((value) => ({ name: 'backup_age', value, unit: 'Seconds' })),
  );
});

it('the age of the last drill that passed is told beside it', async () => {
  const engine = createTestEngine([], { start: '2026-03-02T03:00:00.000Z' });
  const drill = { type: 'backup', owner: 'SYSTEM', id: 'drill', expect: 'any', body: {} } as const;
  engine.db.applyWrites([{ ...drill, state: { status: 'completed', until: '2026-03-01T03:00:00.000Z' } }]);
  await measureBackupAge(engine);
  expect(engine.metrics.all).toEqual([{ name: 'restore_drill_age', value: 86_400, unit: 'Seconds' }]);
});

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

import { describe, expect, test } from 'vitest';
import { type RecordWriteOf, SYSTEM_OWNER } from '#shared/jobs/ports.ts';
import type { LatestBackup, ScheduleStore } from '#shared/operations/ports.ts';

export interface LatestBackupUnderTest {
  readonly latestBackup: LatestBackup;
  readonly schedules: ScheduleStore;
}

const backupOf = (id: string, until?: string): RecordWriteOf<'backup'> => ({
  type: 'backup',
  owner: SYSTEM_OWNER,
  id,
  expect: 'any',
  state: { status: 'completed', ...(until !== undefined && { until }) },
  body: {},
});

/** What every LatestBackup promises. @param make over stores in which no backup stands yet */
export function latestBackupContract(name: string, make: () => Promise<LatestBackupUnderTest>): void {
  describe(`${name}: the latest backup`, () => {
    test('is none at first, then tells until when the newest holds what has changed', async () => {
      const { latestBackup, schedules } = await make();
      expect(await latestBackup.until()).toBeUndefined();
      for (const until of ['2031-05-06T07:00:00.000Z', '2031-05-07T07:00:00.000Z']) {
        await schedules.commit([backupOf('latest', until), backupOf(`${until}#job`, until)], []);
        expect(await latestBackup.until()).toBe(until);
      }
      expect(await latestBackup.drilled()).toBeUndefined();
      const drilled = '2031-05-07T08:00:00.000Z';
      await schedules.commit([backupOf('drill', drilled)], []);
      expect(await latestBackup.drilled()).toBe(drilled);
      expect(await latestBackup.head()).toBeUndefined();
      const head = { ...backupOf('head'), state: { status: 'completed', backupId: 'the-last' } } as const;
      await schedules.commit([head], []);
      expect(await latestBackup.head()).toBe('the-last');
    });
  });
}

import { describe, expect, test } from 'vitest';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { PastDoses } from '#shared/operations/pause-ports.ts';
import type { ScheduleStore } from '#shared/operations/ports.ts';
import { occurrenceWrite } from './record-samples.ts';
import { unique } from './sample-jobs.ts';

/** What every PastDoses promises of rows in one shard. */
export function pastDosesContract(
  name: string,
  make: () => Promise<{ readonly schedules: ScheduleStore; readonly pastDoses: PastDoses }>,
): void {
  describe(`${name}: the number of past doses`, () => {
    test('is that of doses that were told, held or not sent, due from the one time to before the other', async () => {
      const { schedules, pastDoses } = await make();
      const from = '2033-06-02T07:30:00.000Z';
      const dose = async (seconds: number, status: 'published' | 'not_sent' | 'scheduled') => {
        const write = occurrenceWrite(unique('owner'), unique('2033-06-02_0800'));
        const state = { ...write.state, dueAt: addSeconds(from, seconds), status };
        expect(await schedules.commit([{ ...write, state }], [])).toBe('committed');
      };
      await dose(-1, 'published');
      await dose(0, 'published');
      await dose(3_599, 'not_sent');
      await dose(1_800, 'scheduled');
      await dose(3_600, 'published');
      expect(await pastDoses.count(from, addSeconds(from, 3_600))).toBe(2);
      expect(await pastDoses.count(addSeconds(from, -86_400), addSeconds(from, -82_800))).toBe(0);
    });
  });
}

import { describe, expect, test } from 'vitest';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import type { DueBuckets, DueEntry, ScheduleStore } from '#shared/operations/ports.ts';
import { collect, scheduleWrite } from './record-samples.ts';
import { NOW, unique } from './sample-jobs.ts';

export interface BucketsUnderTest {
  readonly dueBuckets: DueBuckets;
  /** Enters schedules into the buckets. */
  readonly schedules: ScheduleStore;
}

/** Entries of one minute in all shards, of one owner. */
async function dueEntries(buckets: DueBuckets, minute: Instant, owner: string): Promise<DueEntry[]> {
  const shards = Array.from({ length: buckets.shards }, (_, shard) => shard);
  const lists = await Promise.all(shards.map((shard) => collect(buckets.read(shard, minute))));
  return lists.flat().filter((entry) => entry.owner === owner);
}

const MINUTE: Instant = `${NOW.slice(0, 16)}:00.000Z`;

/** What every DueBuckets promises. */
export function dueBucketsContract(name: string, make: () => Promise<BucketsUnderTest>): void {
  describe(`${name}: due buckets`, () => {
    test('hold an active schedule’s next dose in its minute', async () => {
      const { schedules, dueBuckets } = await make();
      const owner = unique('owner');
      await schedules.commit([scheduleWrite(owner, 'medication-a', { revision: 5 })], []);

      expect(await dueEntries(dueBuckets, MINUTE, owner)).toEqual([
        { owner, medicationRef: 'medication-a', scheduleRevision: 5, dueAt: NOW },
      ]);
      expect(await dueEntries(dueBuckets, addSeconds(MINUTE, 60), owner)).toEqual([]);
      expect(await dueEntries(dueBuckets, addSeconds(MINUTE, -60), owner)).toEqual([]);
    });

    test('hold nothing of a stopped schedule, or of one without a next dose', async () => {
      const { schedules, dueBuckets } = await make();
      const owner = unique('owner');
      await schedules.commit(
        [scheduleWrite(owner, 'a', { status: 'stopped' }), scheduleWrite(owner, 'b', { nextDueAt: null })],
        [],
      );
      expect(await dueEntries(dueBuckets, MINUTE, owner)).toEqual([]);
    });

    test('keep what was due before the schedule moved on', async () => {
      const { schedules, dueBuckets } = await make();
      const owner = unique('owner');
      await schedules.commit([scheduleWrite(owner, 'a')], []);
      const next = addSeconds(NOW, 12 * 3600);
      await schedules.commit([scheduleWrite(owner, 'a', { nextDueAt: next }, 1)], []);

      expect(await dueEntries(dueBuckets, MINUTE, owner)).toMatchObject([{ dueAt: NOW }]);
      const later = await dueEntries(dueBuckets, `${next.slice(0, 16)}:00.000Z`, owner);
      expect(later).toMatchObject([{ dueAt: next }]);
    });

    test('are not entered by a write that conflicts', async () => {
      const { schedules, dueBuckets } = await make();
      const owner = unique('owner');
      expect(await schedules.commit([scheduleWrite(owner, 'a', {}, 9)], [])).toBe('conflict');
      expect(await dueEntries(dueBuckets, MINUTE, owner)).toEqual([]);
    });

    test('have a watermark per shard that only moves forward', async () => {
      const { dueBuckets } = await make();
      const [shard, other] = [0, 1];
      await dueBuckets.moveWatermark(shard, MINUTE);
      await dueBuckets.moveWatermark(shard, addSeconds(MINUTE, -60));
      expect(await dueBuckets.watermark(shard)).toBe(MINUTE);

      await dueBuckets.moveWatermark(shard, addSeconds(MINUTE, 60));
      expect(await dueBuckets.watermark(shard)).toBe(addSeconds(MINUTE, 60));
      expect(await dueBuckets.watermark(other)).toBeUndefined();
    });
  });
}

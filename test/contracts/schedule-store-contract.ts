import { describe, expect, test } from 'vitest';
import type { AuditLog, JobStore, ScheduleStore } from '#shared/operations/ports.ts';
import { occurrenceWrite } from './record-samples.ts';
import { sampleEntry, sampleJob, unique } from './sample-jobs.ts';

export interface SchedulesUnderTest {
  readonly schedules: ScheduleStore;
  /** Show what else was written. */
  readonly store: JobStore;
  readonly audit: AuditLog;
}

/** What every ScheduleStore promises. */
export function scheduleStoreContract(name: string, make: () => Promise<SchedulesUnderTest>): void {
  describe(`${name}: commit of schedules`, () => {
    test('writes records, jobs and entries together', async () => {
      const { schedules, store, audit } = await make();
      const owner = unique('owner');
      const job = sampleJob({}, { occurrence: 'o-1' });
      const entry = sampleEntry();

      const answer = await schedules.commit([occurrenceWrite(owner, 'o-1')], [job], [entry]);

      expect(answer).toBe('committed');
      expect(await store.read(job.row.jobId)).toEqual(job.row);
      expect(await store.payload(job.row)).toEqual(job.payload);
      expect(await audit.chain(job.row.jobId)).toEqual([job.audit]);
      expect(await schedules.read({ type: 'occurrence', owner, id: 'o-1' })).toMatchObject({ version: 1 });
    });

    test('conflicts as a whole when a record has moved', async () => {
      const { schedules, store } = await make();
      const owner = unique('owner');
      await schedules.commit([occurrenceWrite(owner, 'o-1')], []);
      const job = sampleJob();

      const answer = await schedules.commit(
        [occurrenceWrite(owner, 'o-1'), occurrenceWrite(owner, 'o-2')],
        [job],
      );

      expect(answer).toBe('conflict');
      expect(await store.read(job.row.jobId)).toBeUndefined();
      expect(await schedules.read({ type: 'occurrence', owner, id: 'o-2' })).toBeUndefined();
    });

    test('conflicts as a whole when one of its jobs stands already', async () => {
      const { schedules, store } = await make();
      const owner = unique('owner');
      const job = sampleJob();
      await store.accept(job);

      const answer = await schedules.commit([occurrenceWrite(owner, 'o-1')], [job]);

      expect(answer).toBe('conflict');
      expect(await schedules.read({ type: 'occurrence', owner, id: 'o-1' })).toBeUndefined();
    });

    test('lets one of several workers that found the same dose write it', async () => {
      const { schedules } = await make();
      const owner = unique('owner');

      const answers = await Promise.all(
        Array.from({ length: 4 }, () => schedules.commit([occurrenceWrite(owner, 'o-1')], [sampleJob()])),
      );

      expect(answers.toSorted()).toEqual(['committed', 'conflict', 'conflict', 'conflict']);
    });

    test('conflicts as a whole when a record that it rests on stands otherwise than it was read', async () => {
      const { schedules } = await make();
      const owner = unique('owner');
      await schedules.commit([occurrenceWrite(owner, 'read')], []);
      const version = (id: string, is: number | 'absent') =>
        ({ type: 'occurrence', owner, id, version: is }) as const;
      for (const moved of [version('read', 2), version('read', 'absent'), version('none', 1)])
        expect(await schedules.commit([occurrenceWrite(owner, 'o-1')], [], [], [moved])).toBe('conflict');
      expect(await schedules.read({ type: 'occurrence', owner, id: 'o-1' })).toBeUndefined();

      const read = [version('read', 1), version('none', 'absent')];
      expect(await schedules.commit([occurrenceWrite(owner, 'o-1')], [], [], read)).toBe('committed');
      expect(await schedules.read({ type: 'occurrence', owner, id: 'read' })).toMatchObject({ version: 1 });
    });

    test('of nothing is committed', async () => {
      const { schedules } = await make();
      expect(await schedules.commit([], [])).toBe('committed');
    });
  });
}

import { describe, expect, test } from 'vitest';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { OpenJobs } from '#shared/operations/pause-ports.ts';
import type { JobStore } from '#shared/operations/ports.ts';
import { NOW, sampleJob, unique } from './sample-jobs.ts';

/** What every OpenJobs promises. */
export function openJobsContract(
  name: string,
  make: () => Promise<{ readonly store: JobStore; readonly openJobs: OpenJobs }>,
): void {
  describe(`${name}: the number of open jobs`, () => {
    test('is that of the classes, the priority and the kind', async () => {
      const { store, openJobs } = await make();
      // Other tests leave jobs of all kinds; this one has a kind of its own.
      const kind = unique('kind');
      const statuses = [
        'queued',
        'retrying',
        'running',
        'scheduled',
        'waiting',
        'failed',
        'succeeded',
      ] as const;
      for (const status of statuses) await store.accept(sampleJob({ kind, priority: 'CRITICAL', status }));
      await store.accept(sampleJob({ kind, priority: 'HIGH' }));
      await store.accept(sampleJob({ kind: unique('kind'), priority: 'CRITICAL' }));

      const priority = 'CRITICAL' as const;
      expect(await openJobs.count({ priority, kind, watches: ['open'] }, 10)).toEqual({
        count: 3,
        more: false,
      });
      expect(await openJobs.count({ priority, kind, watches: ['open', 'scheduled'] }, 4)).toEqual({
        count: 4,
        more: false,
      });
      const every = await openJobs.count({ priority, watches: ['open'] }, 1_000);
      expect(every.count).toBeGreaterThanOrEqual(4);
    });

    test('is that of a state, an error and a time, too', async () => {
      const { store, openJobs } = await make();
      const kind = unique('kind');
      const sample = { kind, priority: 'LOW', status: 'failed', endedAt: NOW, createdAt: NOW } as const;
      await store.accept(sampleJob({ ...sample, errorCode: 'one' }));
      await store.accept(sampleJob({ ...sample, errorCode: 'other' }));
      await store.accept(sampleJob({ ...sample, status: 'queued' }));
      const count = async (filter: object) =>
        (await openJobs.count({ priority: 'LOW', watches: ['failed', 'open'], kind, ...filter }, 10)).count;
      expect(await count({})).toBe(3);
      expect(await count({ status: 'failed' })).toBe(2);
      expect(await count({ errorCode: 'one' })).toBe(1);
      expect(await count({ from: NOW, to: addSeconds(NOW, 1) })).toBe(3);
      expect(await count({ to: NOW })).toBe(0);
      expect(await count({ from: addSeconds(NOW, 1) })).toBe(0);
    });

    test('is counted no further than asked', async () => {
      const { store, openJobs } = await make();
      const kind = unique('kind');
      for (let job = 0; job < 7; job += 1) await store.accept(sampleJob({ kind, priority: 'LOW' }));
      const filter = { priority: 'LOW', kind, watches: ['open'] } as const;
      expect(await openJobs.count(filter, 6)).toEqual({ count: 6, more: true });
      expect(await openJobs.count(filter, 7)).toEqual({ count: 7, more: false });
    });
  });
}

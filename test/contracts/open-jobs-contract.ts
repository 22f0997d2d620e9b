import { describe, expect, test } from 'vitest';
import type { OpenJobs } from '#shared/operations/pause-ports.ts';
import type { JobStore } from '#shared/operations/ports.ts';
import { sampleJob, unique } from './sample-jobs.ts';

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

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClaimRequest, claimed, refuseClaim } from '#shared/lifecycle/claim.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { leaseSeconds } from '#shared/lifecycle/priority.ts';
import type { JobStore } from '#shared/operations/ports.ts';
import { claimSample } from './claim-samples.ts';
import { NOW, sampleJob, sampleJobId, TIMING } from './sample-jobs.ts';

const requestFor = (jobId: string, now = NOW): ClaimRequest => ({
  jobId,
  generation: 1,
  now,
  timing: TIMING,
});

/** What every JobStore promises of a claim. @param runs generated rows that are held against `refuseClaim` */
export function jobClaimContract(name: string, make: () => Promise<{ store: JobStore }>, runs: number): void {
  describe(`${name}: claim`, () => {
    test('gives the row with the next attempt, a lease and a new fence, and the row stands so', async () => {
      const { store } = await make();
      const { row, ...job } = sampleJob({ nextAttemptAt: NOW, checks: 3 });
      await store.accept({ row, ...job });
      const request = requestFor(row.jobId);

      const answer = await store.claim(request);

      expect(answer).toEqual({ row: claimed(row, request) });
      expect(await store.read(row.jobId)).toEqual(claimed(row, request));
    });

    test('is given to one of two workers, the other one learns that the job is held', async () => {
      const { store } = await make();
      const job = sampleJob();
      await store.accept(job);
      const request = requestFor(job.row.jobId);

      const answers = await Promise.all([store.claim(request), store.claim(request)]);

      expect(answers.filter((answer) => 'row' in answer)).toHaveLength(1);
      expect(answers).toContainEqual({ refusal: expect.objectContaining({ reason: 'leased' }) });
    });

    test('after dead leases numbers its notes by the attempts before', async () => {
      const { store } = await make();
      const job = sampleJob();
      await store.accept(job);
      const afterLease = addSeconds(NOW, leaseSeconds(TIMING));
      const third = addSeconds(afterLease, leaseSeconds(TIMING));

      await store.claim(requestFor(job.row.jobId));
      await store.claim(requestFor(job.row.jobId, afterLease));
      await store.claim(requestFor(job.row.jobId, third));

      const row = await store.read(job.row.jobId);
      expect(row?.attempts).toEqual([
        { generation: 1, attempt: 1, startedAt: NOW },
        { generation: 1, attempt: 2, startedAt: afterLease },
        { generation: 1, attempt: 3, startedAt: third },
      ]);
      expect(row).toMatchObject({
        attempt: 3,
        fence: 3,
        leaseUntil: addSeconds(third, leaseSeconds(TIMING)),
      });
    });

    test('of a job that does not exist is refused as missing', async () => {
      const { store } = await make();
      expect(await store.claim(requestFor(sampleJobId()))).toEqual({ refusal: { reason: 'missing' } });
    });

    test('answers for any row what the rule of a claim says', async () => {
      const { store } = await make();
      await fc.assert(
        fc.asyncProperty(claimSample, async ({ row, request }) => {
          await store.accept({ ...sampleJob(), row });
          const refusal = refuseClaim(row, request);

          const answer = await store.claim(request);

          expect(answer).toEqual(refusal ? { refusal } : { row: claimed(row, request) });
          // A refused claim has changed nothing.
          if (refusal) expect(await store.read(row.jobId)).toEqual(row);
        }),
        { numRuns: runs },
      );
    });
  });
}

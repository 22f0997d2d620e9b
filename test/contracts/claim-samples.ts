import fc from 'fast-check';
import type { ClaimRequest } from '#shared/lifecycle/claim.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import { STATUSES } from '#shared/lifecycle/transitions.ts';
import { NOW, sampleJob, sampleJobId, TIMING } from './sample-jobs.ts';

/** Distances from now, in seconds, on both sides of every border that the rule of a claim draws. */
const moment: fc.Arbitrary<Instant> = fc
  .constantFrom(-3600, -5.001, -1, -0.001, 0, 0.001, 1, 4.999, 5, 5.001, 6, 3600)
  .map((seconds) => addSeconds(NOW, seconds));

/** A row in any state with a request that may fit it: about every third claim is allowed. */
export const claimSample: fc.Arbitrary<{ readonly row: JobRow; readonly request: ClaimRequest }> = fc
  .record({
    status: fc.oneof(fc.constantFrom('queued', 'retrying', 'running'), fc.constantFrom(...STATUSES)),
    generation: fc.constantFrom(1, 1, 1, 2),
    attempt: fc.integer({ min: 0, max: 4 }),
    dueAt: fc.oneof(fc.constant(addSeconds(NOW, -60)), moment),
    leaseUntil: fc.option(moment, { nil: undefined }),
    nextAttemptAt: fc.option(moment, { nil: undefined }),
    expiresAt: fc.option(moment, { nil: undefined }),
  })
  .map(({ leaseUntil, nextAttemptAt, expiresAt, ...members }) => {
    const { row } = sampleJob({
      jobId: sampleJobId(),
      attemptLimit: 4,
      fence: members.attempt,
      ...members,
      ...(leaseUntil !== undefined && { leaseUntil }),
      ...(nextAttemptAt !== undefined && { nextAttemptAt }),
      ...(expiresAt !== undefined && { expiresAt }),
    });
    return { row, request: { jobId: row.jobId, generation: 1, now: NOW, timing: TIMING } };
  });

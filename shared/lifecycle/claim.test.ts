import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimSample } from '#test/contracts/claim-samples.ts';
import { NOW, sampleJob, TIMING } from '#test/contracts/sample-jobs.ts';
import { claimed, EARLY_TOLERANCE_SECONDS, refuseClaim } from './claim.ts';
import { addSeconds } from './instant.ts';
import { ATTEMPTS_KEPT, type JobRow } from './job-row.ts';
import { leaseSeconds } from './priority.ts';
import { STATUSES } from './transitions.ts';

const row = (over: Partial<JobRow> = {}): JobRow => sampleJob(over).row;
const claimOf = (one: JobRow | undefined, over: { generation?: number; now?: string } = {}) =>
  refuseClaim(one, { jobId: one?.jobId ?? 'none', generation: 1, now: NOW, timing: TIMING, ...over });

describe('a claim', () => {
  it('is allowed for a queued job that is due', () => {
    expect(claimOf(row())).toBeUndefined();
  });

  it('is refused for a job that does not stand', () => {
    expect(claimOf(undefined)).toEqual({ reason: 'missing' });
  });

  it('says why, by status', () => {
    const reasons = Object.fromEntries(
      STATUSES.map((status) => [status, claimOf(row({ status }))?.reason ?? 'allowed']),
    );
    expect(reasons).toEqual({
      scheduled: 'not_claimable',
      queued: 'allowed',
      // No lease at all is a dead one.
      running: 'allowed',
      retrying: 'allowed',
      waiting: 'not_claimable',
      succeeded: 'terminal',
      failed: 'terminal',
      cancelled: 'terminal',
      expired: 'terminal',
      superseded: 'terminal',
    });
  });

  it.each([0, 2])('is refused to a message of generation %d when the job’s is 1', (generation) => {
    expect(claimOf(row(), { generation })).toMatchObject({ reason: 'stale_generation' });
  });

  it('is refused as long as a lease lives, and allowed in the moment it ends', () => {
    const held = row({ status: 'running', leaseUntil: NOW });
    expect(claimOf(held, { now: addSeconds(NOW, -0.001) })).toEqual({ reason: 'leased', row: held });
    expect(claimOf(held)).toBeUndefined();
  });

  it('is never early, not by a millisecond', () => {
    const due = row({ dueAt: NOW });
    expect(claimOf(due, { now: addSeconds(NOW, -0.001) })).toEqual({ reason: 'early', until: NOW, row: due });
    expect(claimOf(due)).toBeUndefined();
  });

  it('may come five seconds before a retry’s delay is over, because timeouts are not exact', () => {
    const dueAt = addSeconds(NOW, -600);
    const retrying = row({ status: 'retrying', attempt: 1, dueAt, nextAttemptAt: NOW });
    const early = addSeconds(NOW, -EARLY_TOLERANCE_SECONDS);
    expect(EARLY_TOLERANCE_SECONDS).toBe(5);
    expect(claimOf(retrying, { now: early })).toBeUndefined();
    expect(claimOf(retrying, { now: addSeconds(early, -0.001) })).toMatchObject({
      reason: 'early',
      until: NOW,
    });
  });

  it('is refused when the attempts are used up, with the row to record that', () => {
    const used = row({ status: 'running', attempt: 4, attemptLimit: 4 });
    expect(claimOf(used)).toEqual({ reason: 'exhausted', row: used });
    expect(claimOf(row({ attempt: 3, attemptLimit: 4 }))).toBeUndefined();
  });

  it('is refused from the end of its window on', () => {
    const over = row({ expiresAt: NOW });
    expect(claimOf(over)).toEqual({ reason: 'expired', row: over });
    expect(claimOf(over, { now: addSeconds(NOW, -0.001) })?.reason).not.toBe('expired');
  });
});

describe('the row after a claim', () => {
  it('counts the attempt and the fence, holds a lease and notes the attempt', () => {
    const before = row({ status: 'retrying', attempt: 1, fence: 7, checks: 3, nextAttemptAt: NOW });
    const after = claimed(before, { jobId: before.jobId, generation: 1, now: NOW, timing: TIMING });
    const leaseUntil = addSeconds(NOW, 105);
    expect(after).toEqual({
      ...before,
      status: 'running',
      attempt: 2,
      fence: 8,
      leaseUntil,
      checkAt: addSeconds(leaseUntil, 600),
      checks: 0,
      nextAttemptAt: undefined,
      attempts: [{ generation: 1, attempt: 2, startedAt: NOW }],
    });
    expect(after).not.toHaveProperty('nextAttemptAt');
  });

  it('keeps the latest attempts', () => {
    const before = row({
      attempts: Array.from({ length: ATTEMPTS_KEPT }, (_, index) => ({
        generation: 1,
        attempt: index + 1,
        startedAt: NOW,
      })),
    });
    const { attempts } = claimed(before, { jobId: before.jobId, generation: 1, now: NOW, timing: TIMING });
    expect(attempts).toHaveLength(ATTEMPTS_KEPT);
    expect(attempts[0]?.attempt).toBe(2);
    expect(attempts.at(-1)).toEqual({ generation: 1, attempt: before.attempt + 1, startedAt: NOW });
  });

  it('is held: whatever could be claimed cannot be claimed a second time before its lease ends', () => {
    let allowedOnes = 0;
    fc.assert(
      fc.property(claimSample, ({ row: before, request }) => {
        if (refuseClaim(before, request)) return;
        allowedOnes += 1;
        const after = claimed(before, request);
        expect(after.attempt).toBe(before.attempt + 1);
        expect(after.attempt).toBeLessThanOrEqual(after.attemptLimit);
        expect(after.fence).toBe(before.fence + 1);
        expect(refuseClaim(after, request)).toEqual({ reason: 'leased', row: after });
        const dead = addSeconds(request.now, leaseSeconds(request.timing));
        const again = refuseClaim(after, { ...request, now: dead });
        expect(['exhausted', 'expired', undefined]).toContain(again?.reason);
      }),
    );
    expect(allowedOnes).toBeGreaterThan(0);
  });

  it('is never refused as early for good: at the time it names it is no longer early', () => {
    fc.assert(
      fc.property(claimSample, ({ row: one, request }) => {
        let refusal = refuseClaim(one, request);
        // A due time, then a next attempt: at most two reasons to wait.
        for (let waits = 0; waits < 2 && refusal?.reason === 'early'; waits += 1) {
          expect(refusal.until > request.now).toBe(true);
          refusal = refuseClaim(one, { ...request, now: refusal.until });
        }
        expect(refusal?.reason).not.toBe('early');
      }),
    );
  });
});

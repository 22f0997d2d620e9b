import { createHash } from 'node:crypto';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { auditPlaceOf } from '#infra/audit/place.ts';
import { stackFolder } from '#infra/local/stack-folder.ts';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { canonicalJson } from '#shared/evidence/canonical-json.ts';
import { type Receipt, verifyReceipt } from '#shared/evidence/receipt.ts';
import { maxAttempts } from '#shared/lifecycle/priority.ts';
import { patient } from './people.ts';

// What a client has in its hand of a job that came to nothing.

const ASKED = { medications: ['aspirin'] };

describe('receipts of jobs that did not succeed', () => {
  const stack = useStack();
  afterEach(() => stack.resetHooks());

  it('say how it ended, when, what was asked for, and where the trail has it', async () => {
    const who = await patient(stack, 'flow-receipts');
    const { audit } = (await auditPlaceOf(undefined, stackFolder(inject('laptopFolder')))).deps;
    const run_at = new Date(Date.now() + 1_800_000).toISOString();
    const expired = await who.submit('interaction-check', { ...ASKED, run_at });
    const cancelled = await who.submit('interaction-check', { ...ASKED, run_at });
    stack.fault('interaction-check', 'error', maxAttempts('HIGH'));
    const failed = await who.submit('interaction-check', ASKED);

    expect((await stack.call('GET', `/jobs/${expired.jobId}/receipt`, { token: who.token })).status).toBe(
      409,
    );
    await stack.call('POST', `/jobs/${cancelled.jobId}/cancel`, { token: who.token });
    await stack.waitForJob(failed.jobId, who.token, ['failed']);
    await stack.clock.advance('P1DT1H');
    await stack.invoke('tick');
    await stack.waitForJob(expired.jobId, who.token, ['expired']);

    for (const [{ jobId }, status] of [
      [expired, 'expired'],
      [cancelled, 'cancelled'],
      [failed, 'failed'],
    ] as const) {
      const get = async (path: string) =>
        (await stack.call('GET', `/jobs/${jobId}${path}`, { token: who.token })).body;
      const job = (await get('')) as Readonly<Record<string, unknown>>; // every answer is an object
      const receipt = (await get('/receipt')) as Receipt; // looked at by the next line
      expect(verifyReceipt(receipt, undefined)).toMatchObject({ faults: [] });
      const chain = await audit.chain(jobId);
      expect(receipt).toMatchObject({
        job_id: jobId,
        kind: 'interaction-check',
        status,
        accepted_at: job['created_at'],
        ended_at: job['ended_at'],
        chain: { sequence: chain.length, hash: chain.at(-1)?.hash },
      });
      expect([job['status'], receipt.error_code]).toEqual([status, job['error_code']]);
      const { salt = '', hash } = receipt.request ?? {};
      const ordered = canonicalJson({ user_id: who.userId, ...ASKED });
      expect(createHash('sha256').update(salt).update(ordered).digest('hex')).toBe(hash);
    }
  });
});

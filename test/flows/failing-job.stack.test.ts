import { afterEach, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { maxAttempts, TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { attemptsOf, patient } from './people.ts';

describe('a job that fails', () => {
  const stack = useStack();
  afterEach(() => stack.resetHooks());
  let failedJobId = '';

  it('is tried again after its delay, fails after its last attempt, and succeeds when it is retried', async () => {
    const who = await patient(stack, 'flow-failing');
    const attempts = maxAttempts('HIGH');
    const delayMs = TIMING_PROFILES.laptop.HIGH.visibilitySeconds * 1000;
    stack.fault('interaction-check', 'error', attempts);
    const { jobId, status } = await who.submit('interaction-check', {
      medications: ['warfarin', 'ibuprofen'],
    });
    expect(status).toBe(202);
    failedJobId = jobId;

    const retrying = await stack.waitForJob(jobId, who.token, ['retrying']);
    expect(Date.parse(String(retrying['next_attempt_at']))).toBeGreaterThan(Date.now());
    expect(retrying['result']).toBeUndefined();

    const failed = await stack.waitForJob(jobId, who.token, ['failed'], 60);
    expect(attemptsOf(failed).map((one) => one.outcome)).toEqual(['retry', 'retry', 'retry', 'failed']);
    expect(attemptsOf(failed)).toHaveLength(attempts);
    expect(failed['error_code']).toBe('injected_fault');
    for (const [index, later] of attemptsOf(failed).slice(1).entries()) {
      const earlier = attemptsOf(failed)[index];
      expect(Date.parse(later.started_at) - Date.parse(earlier?.ended_at ?? '')).toBeGreaterThanOrEqual(
        delayMs,
      );
    }
    const outcomes = (await stack.items('jobs')).filter(
      (item) => String(item['pk']).startsWith('OUTCOME#') && item['jobId'] === jobId,
    );
    expect(outcomes.map((one) => [one['status'], one['attempts']])).toEqual([['failed', attempts]]);

    const retried = await stack.call('POST', `/jobs/${jobId}/retry`, { token: who.token });
    expect(retried.status).toBe(202);
    const done = await stack.waitForJob(jobId, who.token);
    expect(done['generation']).toBe(2);
    expect(attemptsOf(done).at(-1)).toMatchObject({ attempt: 1, generation: 2, outcome: 'succeeded' });

    const again = await stack.call('POST', `/jobs/${jobId}/retry`, { token: who.token });
    expect(again.status).toBe(409);
  });

  it('leaves nothing behind in its queues once it is recorded as failed', async () => {
    const left = async () => {
      const { HIGH } = stack.stack.queues;
      const all = [...(await stack.messages(HIGH.url)), ...(await stack.messages(HIGH.deadLetterUrl))];
      // Messages of other tests may wait in the same queues for their time.
      return all.filter((message) => JSON.stringify(message).includes(failedJobId));
    };
    expect(failedJobId).not.toBe('');
    await expect.poll(left, { timeout: 40_000, interval: 500 }).toEqual([]);
  });

  it('survives a worker that dies inside an attempt', async () => {
    const who = await patient(stack, 'flow-crash');
    await who.takes('med-crash');
    stack.fault('refill-check', 'crash');
    const { jobId } = await who.submit('refill-check', { medication_id: 'med-crash', current_supply: 12 });
    const done = await stack.waitForJob(jobId, who.token, ['succeeded', 'failed'], 40);
    expect(done['status']).toBe('succeeded');
    expect(attemptsOf(done).map((one) => one.outcome)).toEqual(['died', 'succeeded']);
  });

  it('does not repeat its effects when an attempt dies between effect and commit', async () => {
    const who = await patient(stack, 'flow-after-effect');
    await who.takes('med-after');
    stack.fault('refill-check', 'after-effect');
    const { jobId } = await who.submit('refill-check', { medication_id: 'med-after', current_supply: 30 });
    await stack.waitForJob(jobId, who.token, ['succeeded'], 40);
    const snapshots = (await stack.items('records')).filter((item) => String(item['sk']).includes(jobId));
    expect(snapshots).toHaveLength(1);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { countBulk, followBulk, readBulk, startBulk } from '#infra/ops/bulk-action.ts';
import { findJobs } from '#infra/ops/find-jobs.ts';
import { opsApi } from '#infra/ops/ops-api.ts';
import { maxAttempts } from '#shared/lifecycle/priority.ts';
import { attemptsOf, patient } from './people.ts';

const JOBS = 3;

describe('many jobs at once', () => {
  const stack = useStack();
  afterEach(() => stack.resetHooks());
  const operator = async () =>
    opsApi(stack.stack.apiUrl, await stack.token('operator', 'flow-bulk-operator'));

  it('that failed are found by their error, counted, run again and succeed', async () => {
    const api = await operator();
    const who = await patient(stack, 'flow-bulk');
    stack.fault('interaction-check', 'error', maxAttempts('HIGH') * JOBS);
    const jobs: string[] = [];
    for (let index = 0; index < JOBS; index += 1) {
      const { jobId } = await who.submit('interaction-check', { medications: ['warfarin', `drug-${index}`] });
      jobs.push(jobId);
    }
    for (const jobId of jobs) await stack.waitForJob(jobId, who.token, ['failed'], 90);

    const filter = { kind: 'interaction-check', status: 'failed', error_code: 'injected_fault' };
    const listed = await findJobs(api, { filter, limit: 100 });
    expect(listed.jobs.map((job) => job['job_id'])).toEqual(expect.arrayContaining(jobs));
    const none = await findJobs(api, { filter: { ...filter, error_code: 'no_such_error' }, limit: 100 });
    expect(none.jobs).toEqual([]);
    const theirs = await findJobs(api, { userId: 'flow-bulk', filter, limit: 100 });
    expect(theirs.jobs.map((job) => job['job_id'])).toEqual(jobs.toReversed());

    const wishes = { action: 'retry', filter, key: `flow-${jobs[0]}` } as const;
    const counted = await countBulk(api, wishes);
    expect(counted.matched).toBeGreaterThanOrEqual(JOBS);
    const started = await startBulk(api, wishes);
    expect(started.status).toBe('running');
    await stack.invoke('reconciler');
    const ended = await followBulk(api, started, () => undefined, 500);
    expect(ended).toMatchObject({ status: 'completed', refused: 0 });
    expect(ended.changed).toBe(started.matched);
    for (const jobId of jobs) {
      const done = await stack.waitForJob(jobId, who.token, ['succeeded'], 60);
      expect(done['generation']).toBe(2);
      expect(attemptsOf(done).at(-1)).toMatchObject({ generation: 2, outcome: 'succeeded' });
    }
    // The same request finds the first; nothing is done again.
    expect((await startBulk(api, wishes)).id).toBe(started.id);
    expect((await readBulk(api, started.id)).changed).toBe(ended.changed);
  });
});

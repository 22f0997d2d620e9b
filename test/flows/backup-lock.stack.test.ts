import { afterAll, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';

describe('a backup that has died', () => {
  const stack = useStack();
  const order = async (token: string): Promise<string> => {
    const body = { backup_type: 'full', storage_config: { type: 's3', path: 'lock' } };
    const { status, body: accepted } = await stack.call('POST', '/jobs/backup', { token, body });
    expect(status).toBe(202);
    return (accepted as { job_id: string }).job_id; // its documented shape
  };

  afterAll(stack.resetHooks);

  it('leaves its lock to the next one at once, and one that goes on does not', async () => {
    const operator = await stack.token('operator', 'flow-lock-operator');
    // One of its segments fails, and is tried again only after the retry delay: until then the backup waits.
    stack.fault('backup-segment', 'error');
    const first = await order(operator);
    await stack.waitForJob(first, operator, ['waiting']);
    await expect.poll(() => stack.waitingFaults('backup-segment')).toBe(0);
    const second = await order(operator);
    const held = await stack.waitForJob(second, operator, ['retrying']);
    expect(held).toMatchObject({
      attempt_count: 0,
      attempts: [{ outcome: 'retry', error_code: 'backup_running' }],
    });
    const cancelled = await stack.call('POST', `/jobs/${first}/cancel`, { token: operator });
    expect(cancelled.status).toBe(200);
    const third = await stack.waitForJob(await order(operator), operator, ['succeeded'], 15);
    expect(third).toMatchObject({ attempt_count: 1, result: { backup_type: 'full' } });
    expect(await stack.waitForJob(second, operator, ['succeeded'], 60)).toMatchObject({ attempt_count: 1 });
  });
});

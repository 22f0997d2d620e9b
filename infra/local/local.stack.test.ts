import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { dumpMetrics } from './dump/dump-metrics.ts';
import { FAULT_MODES } from './hooks/hook-files.ts';
import { useStack } from './testing/use-stack.ts';

const s = useStack();
afterEach(() => s.resetHooks());

const reminder = (user: string, medication: string) => ({
  user_id: user,
  medication_id: medication,
  schedule: { frequency: 'QD', times: ['08:00'], time_zone: 'America/New_York' },
});

async function submit(kind: string, user: string, body: object) {
  const token = await s.token('patient', user);
  const { status, body: answer } = await s.call('POST', `/jobs/${kind}`, { token, body });
  return { token, status, jobId: String((answer as { job_id?: string }).job_id) };
}

test.each(['expired', 'alg-none', 'hs256', 'issuer', 'client'] as const)(
  'a token forged by %s is refused',
  async (forge) => {
    const token = await s.token('patient', 'forger', { forge });
    const answer = await s.call('GET', '/jobs', { token });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  },
);

test('each placed fault fails one attempt in its way, and the next attempt succeeds', async () => {
  for (const mode of FAULT_MODES) s.fault('medication-reminder', mode);
  // On a busy machine a function starts so slowly that its message comes back while the dead attempt's lease still
  // holds; it is dropped then, and the reconciler sends the job again. It runs by the minute; here it is helped along.
  const helping = setInterval(() => void s.invoke('reconciler').catch(() => undefined), 5000);
  const jobs = await Promise.all(
    FAULT_MODES.map(async (_, index) => {
      const { token, jobId } = await submit(
        'medication-reminder',
        `fault-${index}`,
        reminder(`fault-${index}`, 'med-1'),
      );
      return s.waitForJob(jobId, token, ['succeeded'], 90);
    }),
  ).finally(() => clearInterval(helping));
  expect(jobs.map((job) => job['attempt_count'])).toEqual([2, 2, 2, 2]);
  const firstErrors = jobs.map(
    (job) => (job['attempts'] as { error_code?: string }[])[0]?.error_code ?? 'none',
  );
  // Two are told by the attempt itself; a process that died or was cut off by its time limit told nothing.
  expect(firstErrors.filter((code) => code === 'injected_fault')).toHaveLength(2);
  expect(s.waitingFaults('medication-reminder')).toBe(0);
});

test('functions read the clock that was set', async () => {
  await s.clock.set('2027-03-14T06:59:00Z');
  const { token, jobId } = await submit('medication-reminder', 'clock-user', reminder('clock-user', 'med-1'));
  const job = await s.waitForJob(jobId, token);
  expect(String(job['created_at'])).toMatch(/^2027-03-14T06:59:0/);
});

test('metric lines become metrics', async () => {
  const { token, jobId } = await submit(
    'medication-reminder',
    'metric-user',
    reminder('metric-user', 'med-1'),
  );
  await s.waitForJob(jobId, token);
  await expect
    .poll(
      async () => {
        const metrics = await dumpMetrics(s.clients);
        return metrics.map((metric) => (metric as { name: string }).name);
      },
      { timeout: 15_000, interval: 500 },
    )
    .toContain('execution_time');
});

test('the queues of the stack have the redrive policy of the template', async () => {
  const attributes = async (url: string) =>
    (await s.clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })))
      .Attributes;
  const { url, deadLetterUrl } = s.stack.queues.HIGH;
  const deadLetterArn = (await attributes(deadLetterUrl))?.['QueueArn'];
  const policy = JSON.parse((await attributes(url))?.['RedrivePolicy'] ?? '{}');
  expect(policy).toEqual({ deadLetterTargetArn: deadLetterArn, maxReceiveCount: 4 });
});

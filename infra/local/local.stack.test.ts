import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { dumpMetrics } from './dump/dump-metrics.ts';
import { MANIFEST, type Manifest } from './dump/dump-stack.ts';
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

test('a dump has every line that its manifest counts, and takes nothing away', async () => {
  const target = mkdtempSync(join(tmpdir(), 'dump-'));
  onTestFinished(() => rmSync(target, { recursive: true }));
  const token = await s.token('patient', 'dump-user');
  const due = new Date(Date.now() + 600_000).toISOString();
  await s.call('POST', '/jobs/interaction-check', {
    token,
    body: { user_id: 'dump-user', medications: ['aspirin', 'warfarin'], run_at: due },
  });
  const waiting = async () => (await s.messages(s.stack.queues.HIGH.url)).length;
  const before = await waiting();
  expect(before).toBeGreaterThan(0);
  await s.dump(target);
  const { files }: Manifest = JSON.parse(readFileSync(join(target, MANIFEST), 'utf8'));
  expect(Object.keys(files).sort()).toEqual([
    'logs.ndjson',
    'messages.ndjson',
    'metrics.ndjson',
    'objects.ndjson',
    'processes.ndjson',
    'published.ndjson',
    'queues.ndjson',
    'tables/audit.ndjson',
    'tables/jobs.ndjson',
    'tables/records.ndjson',
    'tables/secrets.ndjson',
  ]);
  for (const [file, count] of Object.entries(files)) {
    const lines = readFileSync(join(target, file), 'utf8').split('\n').slice(0, -1);
    expect([file, lines.length]).toEqual([file, count]);
    for (const line of lines) expect(JSON.parse(line)).toBeTypeOf('object');
  }
  expect(files['queues.ndjson']).toBeGreaterThanOrEqual(11);
  expect(files['messages.ndjson']).toBeGreaterThanOrEqual(before);
  expect(await waiting()).toBe(before);
});

import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { messageOf } from '#shared/lifecycle/job-row.ts';
import { attemptsOf, patient } from './people.ts';

describe('messages and jobs', () => {
  const stack = useStack();
  afterEach(() => stack.resetHooks());

  /** Messages of one job: those of other tests may wait in the same queue for their time. */
  const messagesOf = async (priority: 'HIGH' | 'MEDIUM', jobId: string) =>
    (await stack.messages(stack.stack.queues[priority].url)).filter((message) =>
      JSON.stringify(message).includes(jobId),
    );

  const CHECK = { medications: ['simvastatin', 'clarithromycin'] };

  it('runs a job once, however often its message is delivered', async () => {
    const who = await patient(stack, 'flow-duplicate');
    const { jobId } = await who.submit('interaction-check', CHECK);
    const message = messageOf({ jobId, kind: 'interaction-check', priority: 'HIGH', generation: 1 });
    for (let copy = 0; copy < 4; copy += 1)
      await stack.clients.sqs.send(
        new SendMessageCommand({
          QueueUrl: stack.stack.queues.HIGH.url,
          MessageBody: JSON.stringify(message),
          MessageGroupId: 'copies',
        }),
      );
    await stack.waitForJob(jobId, who.token);
    await expect.poll(() => messagesOf('HIGH', jobId), { timeout: 20_000, interval: 300 }).toEqual([]);
    const job = await stack.waitForJob(jobId, who.token);
    expect(attemptsOf(job)).toHaveLength(1);
    const audit = (await stack.items('audit')).filter((entry) => entry['jobId'] === jobId);
    const changes = audit.filter((entry) => entry['seq'] !== undefined);
    expect(changes.map((entry) => entry['action']).sort()).toEqual(['job.accepted', 'job.succeeded']);
  });

  it('finds a job whose message got lost', async () => {
    const who = await patient(stack, 'flow-lost');
    const soon = new Date(Date.now() + 600_000).toISOString();
    const { jobId, body } = await who.submit('interaction-check', { ...CHECK, run_at: soon });
    expect(body['status']).toBe('queued');
    await stack.clients.sqs.send(new PurgeQueueCommand({ QueueUrl: stack.stack.queues.HIGH.url }));
    await stack.clock.advance('PT13M');
    await stack.invoke('reconciler');
    const done = await stack.waitForJob(jobId, who.token);
    expect(attemptsOf(done)).toHaveLength(1);
  });

  it('holds a job for its time and then runs it', async () => {
    const who = await patient(stack, 'flow-scheduled');
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const { jobId, body } = await who.submit('interaction-check', { ...CHECK, run_at: tomorrow });
    expect(body['status']).toBe('scheduled');
    await stack.invoke('tick');
    await stack.waitForJob(jobId, who.token, ['scheduled'], 2);
    await stack.clock.advance('P1DT1M');
    await stack.invoke('tick');
    await stack.waitForJob(jobId, who.token);
  });

  it('cancels a job before it runs, and its message does nothing', async () => {
    const who = await patient(stack, 'flow-cancel-before');
    const soon = new Date(Date.now() + 3000).toISOString();
    const { jobId } = await who.submit('interaction-check', { ...CHECK, run_at: soon });
    const cancelled = await stack.call('POST', `/jobs/${jobId}/cancel`, { token: who.token });
    expect(cancelled.status).toBe(200);
    await expect.poll(() => messagesOf('HIGH', jobId), { timeout: 20_000, interval: 300 }).toEqual([]);
    const job = await stack.waitForJob(jobId, who.token, ['cancelled'], 2);
    expect(attemptsOf(job)).toEqual([]);
    expect((await stack.call('POST', `/jobs/${jobId}/cancel`, { token: who.token })).status).toBe(409);
  });

  it('cancels a job while it runs: what the attempt does afterwards counts for nothing', async () => {
    const who = await patient(stack, 'flow-cancel-during');
    stack.fault('supply-monitor', 'timeout');
    const { jobId } = await who.submit('supply-monitor', { medications: ['med-unknown'] });
    await stack.waitForJob(jobId, who.token, ['running']);
    expect((await stack.call('POST', `/jobs/${jobId}/cancel`, { token: who.token })).status).toBe(200);
    await expect.poll(() => messagesOf('MEDIUM', jobId), { timeout: 40_000, interval: 500 }).toEqual([]);
    const job = await stack.waitForJob(jobId, who.token, ['cancelled'], 2);
    expect(job['result']).toBeUndefined();
  });

  it('makes one job of five identical posts at the same time, and refuses another body', async () => {
    const who = await patient(stack, 'flow-idempotent');
    const key = { 'idempotency-key': 'five-at-once' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => who.submit('interaction-check', CHECK, key)),
    );
    expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202, 202, 202]);
    expect(new Set(answers.map((answer) => answer.jobId)).size).toBe(1);
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    const rows = (await stack.items('jobs')).filter(
      (item) => item['sk'] === 'ROW' && item['jobId'] === answers[0]?.jobId,
    );
    expect(rows).toHaveLength(1);
    const list = await stack.call('GET', '/jobs?limit=100', { token: who.token });
    expect(list.body).toMatchObject({ jobs: [{ job_id: answers[0]?.jobId }] });
    const other = await who.submit('interaction-check', { medications: ['aspirin', 'warfarin'] }, key);
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { TIMING_PROFILES } from '#shared/lifecycle/priority.ts';
import { attemptsOf, patient } from './people.ts';

/** Far longer than the stack takes to run such a job. */
const LONG_ENOUGH_MS = 5_000;

describe('a paused priority', () => {
  const stack = useStack();
  let token: string;
  const change = (priority: string, verb: 'pause' | 'resume', body?: object) =>
    stack.call('POST', `/priorities/${priority}/${verb}`, { token, ...(body && { body }) });
  /** One round opens or confirms, the next one settles. */
  const rounds = async () => {
    await stack.invoke('reconciler');
    await stack.invoke('reconciler');
  };

  beforeAll(async () => {
    token = await stack.token('operator', 'flow-operator');
  });
  afterEach(async () => {
    for (const priority of ['MEDIUM', 'CRITICAL']) await change(priority, 'resume');
    await rounds();
    await stack.resetHooks();
  });

  it('accepts jobs and runs none, until it is resumed', async () => {
    const who = await patient(stack, 'flow-paused');
    await who.takes('med-paused');
    expect(await change('MEDIUM', 'pause')).toMatchObject({
      status: 200,
      body: { priority: 'MEDIUM', status: 'paused', workers_told: true },
    });
    const { jobId, status } = await who.submit('refill-check', {
      medication_id: 'med-paused',
      current_supply: 12,
    });
    expect(status).toBe(202);
    await sleep(LONG_ENOUGH_MS);
    const waiting = await stack.waitForJob(jobId, who.token, ['queued'], 1);
    expect(attemptsOf(waiting)).toEqual([]);
    const health = await stack.call('GET', '/health', { token });
    expect(health.body).toMatchObject({ status: 'up' });
    const listed = await stack.call('GET', '/priorities', { token });
    expect(listed.body).toMatchObject({
      priorities: [{}, {}, { priority: 'MEDIUM', status: 'paused', open_jobs: { more: false } }, {}],
    });

    expect(await change('MEDIUM', 'resume')).toMatchObject({ status: 200, body: { status: 'resuming' } });
    const done = await stack.waitForJob(jobId, who.token);
    expect(attemptsOf(done).map(({ outcome }) => outcome)).toEqual(['succeeded']);
    await rounds();
    const after = await stack.call('GET', '/priorities', { token });
    expect(after.body).toMatchObject({ priorities: [{}, {}, { status: 'running' }, {}] });
  });

  it('gets no message again from the reconciler, however long its jobs are overdue', async () => {
    const who = await patient(stack, 'flow-paused-reconciler');
    await who.takes('med-reconciled');
    await change('MEDIUM', 'pause');
    const { jobId } = await who.submit('refill-check', {
      medication_id: 'med-reconciled',
      current_supply: 12,
    });
    const messages = async () => {
      const all = (await stack.messages(stack.stack.queues.MEDIUM.url)) as { jobId?: string }[]; // ours alone
      return JSON.stringify(all).split(jobId).length - 1;
    };
    expect(await messages()).toBe(1);
    await stack.clock.advance('PT2H');
    await stack.invoke('reconciler');
    expect(await messages()).toBe(1);
    await stack.clock.reset();
    await change('MEDIUM', 'resume');
    await stack.waitForJob(
      jobId,
      who.token,
      ['succeeded'],
      TIMING_PROFILES.laptop.MEDIUM.visibilitySeconds * 3,
    );
  });

  it('may be CRITICAL only when that is confirmed, and its deliveries are counted; late ones are not told', async () => {
    const who = await patient(stack, 'flow-paused-critical');
    expect(await change('CRITICAL', 'pause')).toMatchObject({
      status: 400,
      body: { code: 'confirmation_required' },
    });
    const now = Date.parse(await stack.clock.advance('PT0S'));
    const due = new Date(now + 240_000).toISOString().slice(11, 16);
    const paused = () => change('CRITICAL', 'pause', { confirm: 'CRITICAL' });
    const schedule = { frequency: 'QD', times: [due], time_zone: 'UTC' };
    const { jobId } = await who.submit('medication-reminder', { medication_id: 'med-late', schedule });
    const done = await stack.waitForJob(jobId, who.token);
    const [delivery = ''] = done['child_job_ids'] as readonly string[]; // a dose within minutes has its delivery at once
    const { status, body } = await paused();
    expect(status).toBe(200);
    const { deliveries_that_may_expire: atRisk } = body as {
      deliveries_that_may_expire: { count: number; more: boolean };
    };
    expect(atRisk.count).toBeGreaterThanOrEqual(1);
    expect(atRisk.more).toBe(false);

    await stack.clock.advance('P2D');
    await change('CRITICAL', 'resume');
    await rounds();
    const expired = await stack.waitForJob(delivery, who.token, ['expired'], 40);
    expect(attemptsOf(expired)).toEqual([]);
    const row = (await stack.items('jobs')).find(({ sk, jobId: id }) => sk === 'ROW' && id === delivery);
    const { id } = { ...row }['answersFor'] as { id: string }; // the shape of shared/lifecycle/job-row.ts
    const dose = (await stack.items('records')).find((item) => item['id'] === id);
    expect(dose?.['state']).toMatchObject({ status: 'not_sent', reason: 'too_late' });
    const published = JSON.stringify(await stack.published());
    expect(published).not.toContain('flow-paused-critical');
  });

  it('leaves an audit entry for each decision, which says who decided', async () => {
    await change('MEDIUM', 'pause');
    await change('MEDIUM', 'resume');
    const who = await stack.token('patient', 'flow-paused-patient');
    expect(await stack.call('POST', '/priorities/MEDIUM/pause', { token: who })).toMatchObject({
      status: 403,
    });
    const entries = (await stack.items('audit')).filter(({ action }) =>
      String(action).startsWith('priority.'),
    );
    const actions = new Set(entries.map(({ action }) => action));
    expect(actions).toEqual(new Set(['priority.paused', 'priority.resumed']));
    for (const { actor, details } of entries)
      expect([actor, details]).toMatchObject([{ role: 'operator' }, { priority: expect.any(String) }]);
  });
});

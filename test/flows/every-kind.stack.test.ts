import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { metricSource } from '#infra/local/console/metric-source.ts';
import { useStack } from '#infra/local/testing/use-stack.ts';
import { metricsNamespace } from '#shared/contract/metrics.ts';
import { JOB_KINDS, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';
import { patient } from './people.ts';

const SECOND_OF_SUBMISSION = 42;

describe('every kind', () => {
  const stack = useStack();
  let who: Awaited<ReturnType<typeof patient>>;
  beforeAll(async () => {
    who = await patient(stack, 'flow-kinds');
    await who.takes('med-kinds');
  });
  afterEach(() => stack.resetHooks());

  it('medication-reminder answers with the next doses in local time', async () => {
    const schedule = { frequency: 'BID', times: ['08:00', '20:00'], time_zone: 'Europe/Berlin' };
    const { jobId } = await who.submit('medication-reminder', { medication_id: 'med-bid', schedule });
    const { result } = await stack.waitForJob(jobId, who.token);
    expect(result).toMatchObject({
      frequency: 'BID',
      time_zone: 'Europe/Berlin',
      time_zone_source: 'request',
    });
    const { next_occurrences: next } = result as { next_occurrences: { local_time: string }[] };
    expect(next).toHaveLength(5);
    for (const { local_time } of next) expect(local_time).toMatch(/T(08|20):00:00\+0[12]:00$/);
  });

  it('refill-check tells when the tablets run out', async () => {
    const { jobId } = await who.submit('refill-check', { medication_id: 'med-kinds', current_supply: 10 });
    const { result } = await stack.waitForJob(jobId, who.token);
    expect(result).toMatchObject({ days_of_supply: 10 });
  });

  it('refill-check knows only medications that the user has', async () => {
    const answer = await who.submit('refill-check', { medication_id: 'med-none', current_supply: 10 });
    expect([answer.status, answer.body['code']]).toEqual([404, 'medication_not_found']);
  });

  it('interaction-check tells professionals what it found, and patients that it was done', async () => {
    const { jobId } = await who.submit('interaction-check', { medications: ['simvastatin', 'itraconazole'] });
    const shown = await stack.waitForJob(jobId, who.token);
    expect(JSON.stringify(shown)).not.toMatch(/simvastatin|itraconazole/i);
    const pharmacist = await stack.token('pharmacist', 'ph-1', { careFor: [who.userId] });
    const { result } = await stack.waitForJob(jobId, pharmacist);
    expect(result).toMatchObject({ outcome: 'findings', findings: [{ level: 'contraindicated' }] });
  });

  it('supply-monitor answers per medication and orders refill checks for what runs low', async () => {
    const medications = ['med-kinds', 'med-none'];
    await who
      .submit('refill-check', { medication_id: 'med-kinds', current_supply: 2 })
      .then(({ jobId }) => stack.waitForJob(jobId, who.token));
    const { jobId } = await who.submit('supply-monitor', { medications });
    const job = await stack.waitForJob(jobId, who.token);
    const { medications: items } = job['result'] as { medications: { medication_id: string }[] };
    expect(items.map((item) => item.medication_id)).toEqual(medications);
    const [child] = job['child_job_ids'] as string[];
    expect(await stack.waitForJob(child ?? '', who.token)).toMatchObject({ kind: 'refill-check' });
  });

  it('analytics-roll-up counts the jobs of its range', async () => {
    const token = await stack.token('operator', 'op-1');
    const end = new Date(Date.now() + 60_000).toISOString();
    const start = new Date(Date.now() - 3_600_000).toISOString();
    const answer = await stack.call('POST', '/jobs/analytics-roll-up', {
      token,
      body: { time_range: { start, end }, metrics_types: ['jobs', 'success_rate'] },
    });
    const { job_id: jobId } = answer.body as { job_id: string };
    const { result } = await stack.waitForJob(jobId, token);
    const { metrics } = result as { metrics: { jobs: { total: { count: number } } } };
    expect(JSON.stringify(metrics)).toContain('refill-check');
    // The same job as an analyst sees it.
    const seen = await stack.waitForJob(jobId, await stack.token('analyst', 'an-1'));
    expect(seen['result']).toMatchObject({ metrics: { jobs: { withheld: 'kinds_about_one_patient' } } });
    expect(JSON.stringify(seen)).not.toContain('refill-check');
  });

  it('analytics-roll-up tells of people in whole local days, and nothing of a few', async () => {
    const token = await stack.token('analyst', 'an-1');
    const day = (days: number) =>
      `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`;
    const metrics_types = ['adherence', 'reminders', 'refills', 'supply', 'interactions', 'jobs', 'security'];
    const body = { time_range: { start: day(-1), end: day(1) }, metrics_types, time_zone: 'Etc/UTC' };
    const partly = { ...body, time_range: { start: day(0).replace('00:00Z', '30:00Z'), end: day(1) } };
    const refused = await stack.call('POST', '/jobs/analytics-roll-up', { token, body: partly });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([
      400,
      expect.stringContaining('not_start_of_local_day'),
    ]);
    for (let run = 0; run < 2; run += 1) {
      const answer = await stack.call('POST', '/jobs/analytics-roll-up', { token, body });
      const { job_id: jobId } = answer.body as { job_id: string };
      const { result } = await stack.waitForJob(jobId, token, ['succeeded'], 60);
      const { metrics } = result as { metrics: Record<string, Record<string, unknown>> };
      expect(Object.keys(metrics)).toEqual(metrics_types.toSorted());
      expect(metrics['refills']).toMatchObject({ checks: null, people: null });
      expect(metrics['security']).toHaveProperty('refusals');
      expect(metrics['jobs']).toMatchObject({ total: { accepted: expect.any(Number) } });
    }
  });

  it('analytics-roll-up keeps the numbers of an hour, and reads what is final from its records', async () => {
    const token = await stack.token('operator', 'op-1');
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const range = (from: number, until: number) => ({
      start: new Date(hour + from * 3_600_000).toISOString(),
      end: new Date(hour + until * 3_600_000).toISOString(),
    });
    const kept = async (time_range: object) => {
      const body = { time_range, metrics_types: ['jobs'] };
      const answer = await stack.call('POST', '/jobs/analytics-roll-up', { token, body });
      const { job_id: jobId } = answer.body as { job_id: string };
      const { result } = await stack.waitForJob(jobId, token, ['succeeded'], 60);
      return result as { roll_up: { id: string; revision: number }; coverage: unknown };
    };
    // Nothing happens any more three hours ago, and nothing changes there without a mark after two days.
    const [first, second] = [await kept(range(-3, -2)), await kept(range(-3, -2))];
    expect(first.roll_up).toMatchObject({ id: `hour#${range(-3, -2).start}`, revision: 1 });
    expect(second).toEqual(first);
    await kept(range(-60, -59));
    expect((await kept(range(-60, -59))).coverage).toMatchObject({ hours_from_records: 1, rows_read: 0 });
  });

  it('backup writes both tables with a manifest and a completed marker, in segments', async () => {
    const token = await stack.token('operator', 'op-1');
    const answer = await stack.call('POST', '/jobs/backup', {
      token,
      body: { backup_type: 'full', storage_config: { type: 's3', path: 'flows' } },
    });
    const { job_id: jobId } = answer.body as { job_id: string };
    const job = await stack.waitForJob(jobId, token, ['succeeded'], 60);
    expect((job['child_job_ids'] as string[]).length).toBeGreaterThan(1);
    const { Contents = [] } = await stack.clients.s3.send(
      new ListObjectsV2Command({ Bucket: stack.stack.buckets.backup, Prefix: `backups/flows/${jobId}/` }),
    );
    const keys = Contents.map((object) => object.Key ?? '');
    expect(keys.some((key) => key.endsWith('.json.gz') && key.includes('/jobs/'))).toBe(true);
    expect(keys.some((key) => key.endsWith('.json.gz') && key.includes('/records/'))).toBe(true);
    expect(keys.some((key) => key.endsWith('manifest-summary.json'))).toBe(true);
    expect(keys.some((key) => key.endsWith('completed'))).toBe(true);
  });

  it('a reminder of the next minute is published once, not before its time and not a minute after it', async () => {
    // Some seconds before a full minute of the functions' clock, so that nobody waits for one.
    const second = new Date().getUTCSeconds();
    const aheadMs = ((SECOND_OF_SUBMISSION - second + 60) % 60) * 1000;
    onTestFinished(stack.resetHooks);
    await stack.clock.advance(`PT${aheadMs / 1000}S`);
    const functionsNow = () => Date.now() + aheadMs;
    const due = new Date(Math.ceil((functionsNow() + 8000) / 60_000) * 60_000);
    const times = [due.toISOString().slice(11, 16)];
    const { jobId } = await who.submit('medication-reminder', {
      medication_id: 'med-next-minute',
      schedule: { frequency: 'QD', times, time_zone: 'UTC' },
    });
    await stack.waitForJob(jobId, who.token);
    const mine = async () =>
      (await stack.published()).filter((message) => JSON.stringify(message).includes('med-next-minute'));
    await expect.poll(mine, { timeout: 110_000, interval: 500 }).toHaveLength(1);
    const seenAt = functionsNow();
    expect(seenAt).toBeGreaterThanOrEqual(due.getTime());
    expect(seenAt - due.getTime()).toBeLessThan(60_000);
    await stack.invoke('tick');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const messages = await mine();
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({ due_at: due.toISOString(), late: false, possible_duplicate: false });
  });

  it('has left metrics by kind and priority only, of those that there are', async () => {
    const source = metricSource(stack.clients.cloudWatch);
    const ours = async () =>
      (await source.list()).filter(({ namespace }) => namespace === metricsNamespace('local'));
    const measured = async () =>
      (await ours()).flatMap(({ dimensions, name }) =>
        name === 'execution_time' ? (dimensions['kind'] ?? []) : [],
      );
    // Metrics follow their log lines by some seconds.
    const names = PUBLIC_KINDS.map(({ name }) => name);
    await expect.poll(measured, { timeout: 20_000 }).toEqual(expect.arrayContaining(names));
    const known = new Set([
      '{}',
      ...PRIORITY_NAMES.map((priority) => JSON.stringify({ priority })),
      ...JOB_KINDS.flatMap((kind) =>
        kind.priorities.map((priority) => JSON.stringify({ kind: kind.name, priority })),
      ),
    ]);
    const written = (await ours()).map(({ dimensions: { kind, priority, ...more } }) =>
      JSON.stringify({ kind, priority, ...more }),
    );
    expect(written.filter((one) => !known.has(one))).toEqual([]);
  });
});

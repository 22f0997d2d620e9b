import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { scriptedClient } from '#test/contracts/scripted-aws.ts';
import { runSmokeAlarm } from './smoke-alarm.ts';
import { type ApiAnswer, type CallApi, smokeApi } from './smoke-api.ts';
import { runPoisonJob, runSmokeJobs, tidyUp } from './smoke-jobs.ts';
import { runSmokeListeners } from './smoke-listeners.ts';
import { smokeToken } from './smoke-token.ts';

/** A clock that only sleeping moves. */
function fakeClock() {
  let at = Date.parse('2026-03-02T10:00:00Z');
  return {
    now: () => new Date(at),
    sleep: async (ms: number) => {
      at += ms;
    },
  };
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** A service whose jobs end as `statusOf` says, at the third look. */
function fakeApi(statusOf: (kind: string, call: Call) => string, stopStatus = 200) {
  const calls: Call[] = [];
  const jobs = new Map<string, { status: string; looks: number }>();
  const call: CallApi = async (method, path, body): Promise<ApiAnswer> => {
    const made = { method, path, body };
    calls.push(made);
    if (method === 'DELETE') return { status: stopStatus, body: {} };
    if (method === 'POST') {
      const job_id = `job-${jobs.size}`;
      const status = statusOf(path.replace('/jobs/', ''), made);
      if (status === 'refused') return { status: 403, body: { code: 'forbidden' } };
      jobs.set(job_id, { status, looks: 0 });
      return { status: 202, body: { job_id } };
    }
    const job = jobs.get(path.replace('/jobs/', ''));
    if (!job) return { status: 404, body: {} };
    job.looks += 1;
    return { status: 200, body: { status: job.looks < 3 ? 'running' : job.status, summary: 'said' } };
  };
  return { calls, call };
}

const run = (call: CallApi) => ({ call, clock: fakeClock(), userId: 'smoke-1', patienceSeconds: 60 });

describe('the jobs', () => {
  it('one of each kind, the medication first, all about the made-up user', async () => {
    const { calls, call } = fakeApi(() => 'succeeded');
    const results = await runSmokeJobs(run(call));
    const posts = calls.filter(({ method }) => method === 'POST');
    expect(posts.map(({ path }) => path).slice(0, 2)).toEqual([
      '/jobs/medication-reminder',
      '/jobs/refill-check',
    ]);
    expect(posts.map(({ path }) => path.replace('/jobs/', '')).sort()).toEqual(
      PUBLIC_KINDS.map(({ name }) => name).sort(),
    );
    for (const { body } of posts)
      if (JSON.stringify(body).includes('user_id')) expect(body).toMatchObject({ user_id: 'smoke-1' });
    expect(results.map(({ passed }) => passed)).toEqual(PUBLIC_KINDS.map(() => true));
  });

  it('tells which failed, was refused, or did not end', async () => {
    const { call } = fakeApi(
      (kind) =>
        ({ backup: 'failed', 'refill-check': 'refused', 'supply-monitor': 'queued' })[kind] ?? 'succeeded',
    );
    const results = await runSmokeJobs(run(call));
    const failed = Object.fromEntries(
      results.filter(({ passed }) => !passed).map(({ check, detail }) => [check, detail]),
    );
    expect(failed).toEqual({
      backup: expect.stringMatching(/^job-\d failed said$/),
      'refill-check': 'not accepted: 403 forbidden',
      'supply-monitor': expect.stringMatching(/^job-\d is still queued after 60 s$/),
    });
  });

  it('leaves no reminder behind', async () => {
    const { calls, call } = fakeApi(() => 'succeeded');
    expect(await tidyUp(call, 'smoke-1')).toBe(200);
    expect(calls[0]?.path).toMatch(/^\/users\/smoke-1\/medications\/[\w-]+$/);
  });
});

describe('the poison job', () => {
  it('runs later than its medication is stopped, and must fail', async () => {
    const { calls, call } = fakeApi((kind) => (kind === 'refill-check' ? 'failed' : 'succeeded'));
    expect(await runPoisonJob(run(call))).toMatchObject({ check: 'poison', passed: true });
    const poison = calls.find(({ path }) => path === '/jobs/refill-check');
    expect(poison?.body).toMatchObject({ medication_id: 'smoke-poison', run_at: '2026-03-02T10:00:34.000Z' });
    expect(calls.map(({ method }) => method)).toContain('DELETE');
  });

  it('has not passed when it succeeds, or when its medication was not stopped', async () => {
    expect((await runPoisonJob(run(fakeApi(() => 'succeeded').call))).passed).toBe(false);
    const kept = fakeApi((kind) => (kind === 'refill-check' ? 'failed' : 'succeeded'), 403);
    expect(await runPoisonJob(run(kept.call))).toMatchObject({
      passed: false,
      detail: 'stopping the medication answered 403',
    });
  });
});

describe('the alarm', () => {
  const OURS = { alarmPrefix: 'medication-jobs-dev-watch', alarmTopicArn: 'arn:topic' };

  /** CloudWatch with one alarm, whose notification ends with `summary`. */
  function cloudWatch(summary: string | undefined) {
    const sent: string[] = [];
    const client = new CloudWatchClient({ region: 'us-east-1' });
    client.send = (async (command: { constructor: { name: string } }) => {
      sent.push(command.constructor.name);
      return {
        MetricAlarms: [{ AlarmName: 'one', AlarmActions: ['arn:topic'] }],
        AlarmHistoryItems: summary === undefined ? [] : [{ HistorySummary: summary }],
      };
    }) as typeof client.send; // Only the three commands of this check are ever sent.
    return { sent, client };
  }

  it('passes only when the notification was taken', async () => {
    const taken = cloudWatch('Successfully executed action arn:topic');
    expect(await runSmokeAlarm(OURS, fakeClock(), taken.client)).toMatchObject({ passed: true });
    expect(taken.sent).toContain('SetAlarmStateCommand');
    const refused = cloudWatch('Failed to execute action arn:topic').client;
    expect((await runSmokeAlarm(OURS, fakeClock(), refused)).passed).toBe(false);
    expect((await runSmokeAlarm(OURS, fakeClock(), cloudWatch(undefined).client)).passed).toBe(false);
  });

  it('sets no alarm of somebody else off', async () => {
    const { sent, client } = cloudWatch('Successfully executed action');
    expect((await runSmokeAlarm({ ...OURS, alarmTopicArn: 'arn:other' }, fakeClock(), client)).passed).toBe(
      false,
    );
    expect(sent).not.toContain('SetAlarmStateCommand');
  });
});

describe('who hears the alarms', () => {
  it.each([
    ['prod', '0', '0', false, '0 subscribed'],
    ['prod', '0', '1', false, '0 subscribed, 1 not confirmed yet'],
    ['prod', '1', '0', true, '1 subscribed'],
    ['dev', '0', '0', true, '0 subscribed'],
    ['unknown', '0', '0', false, '0 subscribed'],
  ])('in %s with %s confirmed and %s pending: %s', async (name, confirmed, pending, passed, detail) => {
    const { client, calls } = scriptedClient<SNSClient>(() => ({
      Attributes: { SubscriptionsConfirmed: confirmed, SubscriptionsPending: pending },
    }));
    const result = await runSmokeListeners({ name, alarmTopicArn: 'arn:topic' }, client);
    expect(result).toEqual({ check: 'who hears alarms', passed, detail });
    expect(calls).toMatchObject([{ name: 'GetTopicAttributes', input: { TopicArn: 'arn:topic' } }]);
  });
});

describe('the token', () => {
  const answer = (status: number, body: unknown) => async () =>
    new Response(JSON.stringify(body), { status });
  const credentials = {
    SMOKE_TOKEN_URL: 'https://login.example.org/token',
    SMOKE_CLIENT_ID: 'me',
    SMOKE_CLIENT_SECRET: 'hidden',
  };

  it('is the given one, or the issuer’s', async () => {
    expect(await smokeToken({ SMOKE_TOKEN: 'given' })).toBe('given');
    expect(await smokeToken(credentials, answer(200, { access_token: 'issued' }))).toBe('issued');
  });

  it('says what is missing, and never a secret', async () => {
    await expect(smokeToken({})).rejects.toThrow('Set SMOKE_TOKEN, or SMOKE_TOKEN_URL');
    const refused = smokeToken(credentials, answer(401, { error: 'hidden' }));
    await expect(refused).rejects.toThrow(/^The issuer gave no token: HTTP 401\.$/);
  });
});

it('speaks to the API with the token, and takes an answer without a body', async () => {
  const requests: [string, RequestInit | undefined][] = [];
  const request = (async (url: string, init?: RequestInit) => {
    requests.push([url, init]);
    return new Response(null, { status: 503 });
  }) as typeof fetch; // The one form in which the API client calls it.
  expect(await smokeApi('https://api/api/v1', 'token', request)('GET', '/health')).toEqual({
    status: 503,
    body: {},
  });
  expect(requests[0]?.[0]).toBe('https://api/api/v1/health');
  expect(requests[0]?.[1]?.headers).toEqual({ authorization: 'Bearer token' });
});

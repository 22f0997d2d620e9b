import { describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import { createHealthCheck } from '#shared/operations/check-health.ts';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { createTestEngine } from '#test/builders/test-engine.ts';
import { operationsApi } from './handler.ts';

interface Ask {
  readonly path?: string;
  readonly method?: string;
  readonly priority?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

function bench(
  states: Record<string, () => Promise<boolean>>,
  role?: Role,
  degrading: readonly string[] = [],
) {
  let asked = 0;
  const probes = Object.entries(states).map(([part, answers]) => ({
    part,
    degrades: degrading.includes(part),
    answers: () => {
      asked += 1;
      return answers();
    },
  }));
  const { deps, refusals } = recordingApiDeps();
  const engine = createTestEngine([]);
  const caller = role && { subject: 'x', roles: [role], careFor: [] };
  const handler = apiHandler(
    deps,
    operationsApi({
      ...engine,
      refs: async () => engine.refs,
      checkHealth: createHealthCheck(probes, engine.pauses),
      version: '1.2.3',
      verifyToken: async () => (caller ? { ok: true, caller } : { ok: false, fault: 'expired' }),
    }),
  );
  const ask = async ({ path = '/health', method = 'GET', priority, headers = token, body }: Ask) => {
    const event = apiEvent({
      method,
      path,
      headers,
      ...(body !== undefined && { body }),
      ...(priority !== undefined && { pathParameters: { priority } }),
    });
    const answer = await handler(event, lambdaContext());
    return { status: answer.statusCode, body: JSON.parse(answer.body) };
  };
  const change = (verb: 'pause' | 'resume') => (priority: string, body?: unknown) =>
    ask({ method: 'POST', path: `/priorities/{priority}/${verb}`, priority, body });
  return {
    engine,
    refusals,
    asked: () => asked,
    call: (headers: Record<string, string> = {}) => ask({ headers }),
    list: () => ask({ path: '/priorities' }),
    pause: change('pause'),
    resume: change('resume'),
  };
}

const up = async () => true;
const token = { Authorization: 'Bearer x.y.z' };

describe('GET /health', () => {
  it('says up or not without a token, and no more', async () => {
    expect(await bench({ database: up }).call()).toEqual({ status: 200, body: { status: 'up' } });
    const broken = { database: up, key: () => Promise.reject(new Error('denied')) };
    expect(await bench(broken).call()).toEqual({ status: 503, body: { status: 'down' } });
  });

  it('is degraded, and answers as usual, when only a promise is not kept', async () => {
    const { call } = bench({ database: up, topic: async () => false }, 'operator', ['topic']);
    expect(await call(token)).toMatchObject({
      status: 200,
      body: { status: 'degraded', parts: { database: 'up', topic: 'degraded' } },
    });
    const broken = { database: async () => false, topic: async () => false };
    expect(await bench(broken, undefined, ['topic']).call()).toEqual({
      status: 503,
      body: { status: 'down' },
    });
  });

  it('takes a token that is not valid for none', async () => {
    expect(await bench({ database: up }).call(token)).toEqual({ status: 200, body: { status: 'up' } });
  });

  it('shows version and parts to those whom the role table names', async () => {
    const detailed: Role[] = [];
    for (const role of ROLES) {
      const { body } = await bench({ database: up, key: async () => false }, role).call(token);
      if (body.parts) detailed.push(role);
      else expect(body).toEqual({ status: 'down' });
    }
    expect(detailed).toEqual(['operator', 'admin']);
    const { body } = await bench({ database: up, key: async () => false }, 'operator').call(token);
    expect(body).toMatchObject({ status: 'down', version: '1.2.3', parts: { database: 'up', key: 'down' } });
  });

  it('asks the parts once for many requests', async () => {
    const { asked, call } = bench({ database: up });
    for (let count = 0; count < 5; count += 1) await call();
    expect(asked()).toBe(1);
  });
});

describe('the priorities', () => {
  it('are paused and resumed, and shown so', async () => {
    const { engine, list, pause, resume } = bench({}, 'operator');
    expect(await pause('MEDIUM')).toMatchObject({
      status: 200,
      body: { priority: 'MEDIUM', status: 'paused', workers_told: true },
    });
    expect([...engine.intake.closed]).toEqual(['MEDIUM']);
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(body.priorities.map((one: { status: string }) => one.status)).toEqual([
      'running',
      'running',
      'paused',
      'running',
    ]);
    expect(await resume('MEDIUM', {})).toMatchObject({ status: 200, body: { status: 'resuming' } });
  });

  it('show in health to those who see its parts', async () => {
    const { call, pause } = bench({ database: up }, 'admin');
    await pause('LOW');
    expect((await call(token)).body).toMatchObject({ status: 'up', paused_priorities: ['LOW'] });
    expect((await call()).body).toEqual({ status: 'up' });
  });

  it('CRITICAL is paused only when that is confirmed; the refusal says what it would mean', async () => {
    const { engine, pause, refusals } = bench({}, 'operator');
    const refused = await pause('CRITICAL');
    expect(refused).toMatchObject({ status: 400, body: { code: 'confirmation_required' } });
    expect(refused.body.detail).toContain('not_sent');
    expect(await pause('CRITICAL', { confirm: 'critical' })).toMatchObject({ status: 400 });
    expect(refusals.map(({ code }) => code)).toEqual(['confirmation_required', 'confirmation_required']);
    expect(engine.intake.calls).toEqual([]);
    expect(await pause('CRITICAL', { confirm: 'CRITICAL' })).toMatchObject({
      status: 200,
      body: { status: 'paused', deliveries_that_may_expire: { count: 0, more: false } },
    });
  });

  it.each([
    ['CRITICAL', { confirm: true }, '/confirm', 'wrong_type'],
    ['CRITICAL', { confirm: 'CRITICAL', force: true }, '/force', 'unknown_field'],
    ['LOW', ['CRITICAL'], '', 'wrong_type'],
    ['low', undefined, '/priority', 'wrong_format'],
    ['constructor', undefined, '/priority', 'wrong_format'],
  ])('refuses %s with the body %j', async (priority, body, pointer, code) => {
    const { engine, pause } = bench({}, 'operator');
    expect(await pause(priority, body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_input', problems: [{ pointer, code }] },
    });
    expect(engine.intake.calls).toEqual([]);
  });

  it('resuming takes no body', async () => {
    const { resume } = bench({}, 'operator');
    expect(await resume('LOW', { confirm: 'LOW' })).toMatchObject({ status: 400 });
  });

  it('need a token of an operator or admin, and every refusal leaves its evidence', async () => {
    const nobody = bench({});
    expect(await nobody.pause('LOW')).toMatchObject({ status: 401 });
    expect(await nobody.list()).toMatchObject({ status: 401 });
    const allowed: Role[] = [];
    for (const role of ROLES) {
      const { list, pause, refusals, resume } = bench({}, role);
      const statuses = [await list(), await pause('LOW'), await resume('LOW')].map(({ status }) => status);
      if (statuses.every((status) => status === 200)) allowed.push(role);
      else expect([statuses, refusals.length]).toEqual([[403, 403, 403], 3]);
    }
    expect(allowed).toEqual(['operator', 'admin']);
    expect(nobody.refusals.map(({ code }) => code)).toEqual(['unauthorized', 'unauthorized']);
  });
});

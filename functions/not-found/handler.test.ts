import { describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import { refusalRecorder } from '#functions/runtime/refusal-recorder.ts';
import type { AuditLog } from '#shared/operations/ports.ts';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { createInMemoryAudit } from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { createInMemoryRefusalCounter } from '#test/fakes/memory-events.ts';
import { createCountingRandom } from '#test/fakes/quiet.ts';
import { notFound } from './handler.ts';

const { deps } = recordingApiDeps();
const call = (method: string, path: string) =>
  apiHandler(deps, notFound([]))(apiEvent({ method, path }), lambdaContext());

describe('notFound', () => {
  it.each([
    ['PUT', '/jobs', 'GET'],
    ['GET', '/jobs/refill-check', 'POST'],
    ['PATCH', '/jobs/{job_id}', 'GET'],
    ['GET', '/jobs/{job_id}/cancel', 'POST'],
    ['GET', '/users/{user_id}/medications/{medication_id}', 'PUT, DELETE'],
    ['POST', '/health', 'GET'],
  ])('%s %s is 405 and names %s', async (method, path, allow) => {
    const answer = await call(method, path);
    expect(answer.statusCode).toBe(405);
    expect(answer.headers).toMatchObject({ allow, 'content-type': 'application/problem+json' });
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'method_not_allowed' });
  });

  it('tells a kind that does not exist from a job that does not take this method', async () => {
    const post = (jobId: string) =>
      apiHandler(deps, notFound([]))(
        apiEvent({ path: '/jobs/{job_id}', pathParameters: { job_id: jobId } }),
        lambdaContext(),
      );
    expect((await post('pill-counting')).statusCode).toBe(404);
    expect((await post('01JZZZZZZZZZZZZZZZZZZZZZZZ')).statusCode).toBe(405);
  });

  it.each(['/{proxy+}', '/users', '/users/{user_id}/nothing', ''])('GET %s is 404', async (path) => {
    const answer = await call('GET', path);
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'not_found' });
  });
});

describe('the evidence of a wrong path or method', () => {
  function recording(audit: AuditLog) {
    const recorded = recordingApiDeps();
    const counter = createInMemoryRefusalCounter(new MemoryDatabase().events);
    const recordRefusal = refusalRecorder({ audit, counter, random: createCountingRandom() });
    const handler = apiHandler({ ...recorded.deps, recordRefusal }, notFound([]));
    const ask = (event: object) => handler({ ...apiEvent(), ...event }, lambdaContext());
    return { ...recorded, ask };
  }
  const anywhere = { httpMethod: 'GET', resource: '/{proxy+}' };

  it('is one entry per minute and reason, with templates for paths', async () => {
    const db = new MemoryDatabase();
    const { ask, metrics } = recording(createInMemoryAudit(db));
    for (const path of ['/jane-doe/warfarin', '/jane-doe/aspirin', '/x'])
      await ask({ ...anywhere, path, headers: { Authorization: 'Bearer x' } });
    await ask({ httpMethod: 'PUT', resource: '/api/v1/jobs', path: '/api/v1/jobs' });
    await ask({ ...anywhere, httpMethod: 'JANE' });
    const entries = [...db.audit.values()];
    expect(entries).toHaveLength(3);
    expect(entries.map(({ actor, details }) => [actor.ref, details['code'], details['route']])).toEqual([
      ['anonymous', 'not_found', 'GET /{proxy+}'],
      ['anonymous', 'method_not_allowed', 'PUT /api/v1/jobs'],
      ['anonymous', 'not_found', 'OTHER /{proxy+}'],
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/jane|warfarin/i);
    expect(metrics.all.filter(({ name }) => name === 'refusals')).toHaveLength(5);
  });

  it('that cannot be written changes no answer, and the loss is seen', async () => {
    const { ask, log } = recording({
      put: () => Promise.reject(new Error('away')),
      putAll: async () => undefined,
      chain: async () => [],
      entry: async () => undefined,
    });
    expect(await ask(anywhere)).toMatchObject({ statusCode: 404 });
    expect(await ask({ httpMethod: 'PUT', resource: '/api/v1/jobs' })).toMatchObject({ statusCode: 405 });
    expect(log.all.filter(({ level }) => level === 'error')).toMatchObject([
      { event: 'request.failed', fields: { reason: 'refusal_not_recorded', route: 'GET /{proxy+}' } },
      { event: 'request.failed', fields: { reason: 'refusal_not_recorded', route: 'PUT /api/v1/jobs' } },
    ]);
  });
});

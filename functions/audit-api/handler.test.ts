import { beforeEach, describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { type ApiEventOptions, apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  submitted,
  type TestEngine,
} from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import { createInMemoryAuditPages } from '#test/fakes/in-memory-seals.ts';
import { auditApi } from './handler.ts';

const kind = testKind({ process: async () => ({ end: 'succeeded', result: {}, summary: 'done' }) });
const AUDITOR = callerAs('auditor', 'auditor-1');
/** The handlers' clock of the tests stands three months later than the engine's. */
const FROM = '2026-11-01T00:00:00Z';
const TO = '2026-12-01T00:00:00Z';

let engine: TestEngine;
let jobId: string;
beforeEach(async () => {
  engine = createTestEngine([kind]);
  ({ jobId } = await submitted(engine, kind, { payload: { user_id: 'user-1' } }));
  await deliverAll(engine);
});

async function call(caller: Caller | undefined, options: ApiEventOptions) {
  const { deps, refusals } = recordingApiDeps();
  const serve = auditApi({
    ...engine,
    pages: createInMemoryAuditPages(() => engine.db.audit.values()),
    verifyToken: async () => (caller ? { ok: true, caller } : { ok: false, fault: 'missing' }),
  });
  const { statusCode, headers, body } = await apiHandler(deps, serve)(apiEvent(options), lambdaContext());
  return { status: statusCode, headers, body: JSON.parse(body), refusals };
}

const text = (query: Record<string, string>) =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]]));
const get = (path: string, pathParameters: Record<string, string>, query: Record<string, string> = {}) => ({
  method: 'GET',
  path,
  pathParameters,
  query: text(query),
});
const ofJob = (query = {}, id = jobId) => get('/jobs/{job_id}/audit', { job_id: id }, query);
const ofUser = (query: Record<string, string> = { from: FROM, to: TO }, id = 'user-1') =>
  get('/users/{user_id}/audit', { user_id: id }, query);
const byActor = (query: Record<string, string>) => get('/audit', {}, query);
const search = (body: unknown): ApiEventOptions => ({ method: 'POST', path: '/audit/search', body });
const faultsOf = ({ body }: Awaited<ReturnType<typeof call>>) =>
  body.problems.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`);

describe('every route', () => {
  const routes = (): [string, ApiEventOptions][] => [
    ['of a job', ofJob()],
    ['of a user', ofUser()],
    ['by an actor', byActor({ actor: 'system:worker', from: FROM, to: TO })],
    ['by a search', search({ actor_id: 'client', from: FROM, to: TO })],
  ];

  it('needs a token, and the role auditor', async () => {
    for (const [name, options] of routes()) {
      expect([name, (await call(undefined, options)).status]).toEqual([name, 401]);
      expect([name, (await call(callerAs('admin'), options)).status]).toEqual([name, 403]);
      expect([name, (await call(AUDITOR, options)).status]).toEqual([name, 200]);
    }
  });

  it('answers as FHIR when it is asked to', async () => {
    for (const [name, { query, body, ...options }] of routes()) {
      const asked = body
        ? { ...options, body: { ...Object(body), format: 'fhir' } }
        : { ...options, query: { ...query, format: ['fhir'] } };
      const answer = await call(AUDITOR, asked);
      expect([name, answer.headers['content-type'], answer.body.resourceType]).toEqual([
        name,
        'application/fhir+json',
        'Bundle',
      ]);
      expect(answer.body.entry[0].resource.resourceType).toBe('AuditEvent');
    }
  });

  it('tells what it was about when it refuses', async () => {
    const { refusals } = await call(callerAs('patient', 'user-1'), ofUser());
    expect(refusals).toMatchObject([
      { code: 'forbidden', exchange: { userId: 'user-1', step: 'authorize' } },
    ]);
  });

  it('that is none of these is 404', async () => {
    expect(await call(AUDITOR, { method: 'GET', path: '/elsewhere' })).toMatchObject({ status: 404 });
  });
});

describe('a page', () => {
  it('shows entries whole, in order, and where it goes on', async () => {
    const first = await call(AUDITOR, ofUser({ from: FROM, to: TO, limit: '1' }));
    expect(first.body).toEqual({
      entries: [
        {
          entry_id: expect.any(String),
          at: expect.stringMatching(/^2026-11-23T/),
          action: 'job.accepted',
          outcome: 'success',
          actor: {
            ref: engine.refs.actor('client'),
            role: 'service',
            token_id: 'c0ffee00-0000-4000-8000-00000000a001',
            purpose: { code: 'HOPERAT', declared: false },
          },
          user_ref: engine.refs.user('user-1'),
          job_id: jobId,
          correlation_id: 'c-1',
          details: expect.objectContaining({ kind: kind.name }),
          sequence: 1,
          previous_hash: '0'.repeat(64),
          hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
      next_cursor: expect.any(String),
    });
    const cursor = first.body.next_cursor;
    const second = await call(AUDITOR, ofUser({ from: FROM, to: TO, limit: '1', cursor }));
    expect(second.body.entries).toMatchObject([{ action: 'job.succeeded' }]);
    expect(second.body).not.toHaveProperty('next_cursor');
  });

  it('of a search leads on without the subject that was searched for', async () => {
    await submitted(engine, kind, { payload: { user_id: 'user-1' } });
    const { body } = await call(
      AUDITOR,
      search({ actor_id: 'client', from: FROM, to: TO, limit: 1, format: 'fhir' }),
    );
    const next = body.link.find(({ relation }: { relation: string }) => relation === 'next').url;
    const url = new URL(next, 'https://api.example.org/api/v1/audit/search');
    expect(url.pathname).toBe('/api/v1/audit');
    expect(url.searchParams.get('actor')).toBe(engine.refs.actor('client'));
    expect(JSON.stringify(body)).not.toContain('"client"');
    const query = Object.fromEntries(url.searchParams);
    expect((await call(AUDITOR, byActor(query))).body.entry).toHaveLength(1);
  });

  it('is of the last 30 days when nothing is said', async () => {
    // The tests' clock stands at the first of March 2027.
    const counts = async (query: Record<string, string>) =>
      (await call(AUDITOR, ofUser(query))).body.entries.length;
    expect(await counts({})).toBe(0);
    expect(await counts({ to: '2026-12-23T20:55:41.000Z' })).toBe(2);
    expect(await counts({ to: '2026-12-23T20:55:41.001Z' })).toBe(0);
  });
});

describe('what is refused', () => {
  it.each([
    [{ from: 'yesterday' }, '/from wrong_format'],
    [{ from: TO, to: FROM }, '/to invalid_value'],
    [{ from: '2026-01-01T00:00:00Z', to: '2027-03-01T00:00:00Z' }, '/from too_long'],
    [{ limit: '101' }, '/limit invalid_value'],
    [{ limit: '0' }, '/limit invalid_value'],
    [{ cursor: 'a b' }, '/cursor invalid_value'],
    [{ cursor: 'bm9uZQ' }, '/cursor invalid_cursor'],
    [{ format: 'xml' }, '/format invalid_value'],
    [{ actor: 'system:worker' }, '/actor unknown_field'],
  ])('%j', async (query, fault) => {
    const answer = await call(AUDITOR, ofUser(query));
    expect([answer.status, faultsOf(answer)]).toEqual([400, [fault]]);
  });

  it('an actor whose id is no keyed hash, and none at all', async () => {
    for (const [query, fault] of [
      [{ actor: 'dr.jones@example.org' }, '/actor invalid_value'],
      [{}, '/actor required'],
    ] as const)
      expect(faultsOf(await call(AUDITOR, byActor(query)))).toEqual([fault]);
    expect(faultsOf(await call(AUDITOR, ofJob({ from: FROM })))).toEqual(['/from unknown_field']);
  });

  it.each([
    [{}, '/actor_id required'],
    [{ actor_id: '' }, '/actor_id too_short'],
    [{ actor_id: 'x', from: '2026-02-30T00:00:00Z' }, '/from invalid_instant'],
    [{ actor_id: 'x', limit: 101 }, '/limit too_large'],
    [{ actor_id: 'x', user: 'y' }, '/user unknown_field'],
  ])('a search for %j', async (body, fault) => {
    const answer = await call(AUDITOR, search(body));
    expect([answer.status, faultsOf(answer)]).toEqual([400, [fault]]);
  });

  it('an id that is none, and a body where there is none to be', async () => {
    expect((await call(AUDITOR, ofJob({}, 'x'))).status).toBe(400);
    expect((await call(AUDITOR, ofUser({}, 'a b'))).status).toBe(400);
    expect((await call(AUDITOR, { ...ofJob(), body: { limit: 1 } })).status).toBe(400);
  });
});

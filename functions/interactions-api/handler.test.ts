import { beforeEach, describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import { refusalRecorder } from '#functions/runtime/refusal-recorder.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { type ApiEventOptions, apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { createChecksBench, INTERACTING, PHARMACIST } from '#test/builders/checks-bench.ts';
import { callerAs } from '#test/builders/test-engine.ts';
import { createInMemoryAudit } from '#test/fakes/in-memory-store.ts';
import { createInMemoryRefusalCounter } from '#test/fakes/memory-events.ts';
import { interactionsApi } from './handler.ts';

let bench: ReturnType<typeof createChecksBench>;
let keyUsable: boolean;
beforeEach(() => {
  bench = createChecksBench();
  keyUsable = true;
});

async function call(caller: Caller | undefined, options: ApiEventOptions) {
  const { engine } = bench;
  const { deps } = recordingApiDeps();
  const { refs, random, db } = engine;
  const recordRefusal = refusalRecorder({
    audit: createInMemoryAudit(db),
    counter: createInMemoryRefusalCounter(db.events),
    random,
    refs: async () => refs,
  });
  const serve = interactionsApi({
    ...engine,
    kinds: kindsByName(),
    probes: { encryptionKeyUsable: async () => keyUsable, redactionHolds: async () => true },
    verifyToken: async () => (caller ? { ok: true, caller } : { ok: false, fault: 'missing' }),
  });
  const handler = apiHandler({ ...deps, recordRefusal }, serve);
  const { statusCode, headers, body } = await handler(apiEvent(options), lambdaContext());
  return { status: statusCode, headers, body: JSON.parse(body) };
}

const release = (jobId: string, body: unknown): ApiEventOptions => ({
  method: 'POST',
  path: '/jobs/{job_id}/release',
  pathParameters: { job_id: jobId },
  body,
});
const find = (query: Record<string, string[]>): ApiEventOptions => ({
  method: 'GET',
  path: '/interaction-results',
  query,
});
const recheck = (body: unknown, headers: Record<string, string> = {}): ApiEventOptions => ({
  method: 'POST',
  path: '/interaction-results/recheck',
  body,
  headers,
});
const faultsOf = ({ body }: Awaited<ReturnType<typeof call>>) =>
  body.problems.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`);

const JOB = '01JZZZZZZZZZZZZZZZZZZZZZZZ';

describe('every route', () => {
  it.each([
    ['release', release(JOB, { findings: 'all' })],
    ['find', find({ rule: ['x'] })],
    ['recheck', recheck({ rule: 'x' })],
  ])('%s needs a token', async (_name, options) => {
    expect(await call(undefined, options)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  it('that is none of these is 404', async () => {
    expect(await call(PHARMACIST, { method: 'GET', path: '/elsewhere' })).toMatchObject({ status: 404 });
  });
});

describe('POST /jobs/{job_id}/release', () => {
  it('answers what the patient may see', async () => {
    const { jobId } = await bench.checked(INTERACTING);
    const answer = await call(PHARMACIST, release(jobId, { findings: 'all', note: 'A line of text.' }));
    expect(answer).toMatchObject({
      status: 200,
      body: { job_id: jobId, release: { revision: 1, note: 'A line of text.' } },
    });
  });

  it.each([
    [{}, ['/findings required']],
    [{ findings: [] }, ['/findings']],
    [{ findings: 'some' }, ['/findings']],
    [{ findings: ['a', 'a'] }, ['/findings']],
    [{ findings: 'all', note: '' }, ['/note']],
    [{ findings: 'all', note: ' \u200B' }, ['/note']],
    [{ findings: 'all', note: 'a\u0007' }, ['/note']],
    [{ findings: 'all', note: 'two\nlines' }, ['/note']],
    [{ findings: 'all', note: 'x'.repeat(2001) }, ['/note']],
    [{ findings: 'all', to: 'everybody' }, ['/to unknown_field']],
  ])('refuses %j', async (body, faults) => {
    const { jobId } = await bench.checked(INTERACTING);
    const answer = await call(PHARMACIST, release(jobId, body));
    expect(answer.status).toBe(400);
    for (const fault of faults)
      expect(faultsOf(answer).some((found: string) => found.startsWith(fault))).toBe(true);
    expect(bench.engine.db.releases.size).toBe(0);
  });

  it('says 403 where the deployer has not allowed it, and 404 to those who may not', async () => {
    bench = createChecksBench({});
    const { jobId } = await bench.checked(INTERACTING);
    const body = { findings: 'all' };
    expect(await call(PHARMACIST, release(jobId, body))).toMatchObject({
      status: 403,
      body: { code: 'release_not_enabled' },
    });
    expect(await call(callerAs('patient', 'user-1'), release(jobId, body))).toMatchObject({ status: 404 });
    expect(await call(PHARMACIST, release('not-an-id', body))).toMatchObject({ status: 400 });
  });
});

describe('GET /interaction-results', () => {
  it('answers a page of results', async () => {
    const { jobId } = await bench.checked(INTERACTING);
    bench.engine.time.set('2027-03-01T08:00:00.000Z');
    const answer = await call(PHARMACIST, find({ rule: ['label-simvastatin-contraindicated'] }));
    expect(answer).toMatchObject({ status: 200, body: { results: [{ job_id: jobId }] } });
  });

  it.each([
    [{}, '/rule required'],
    [{ rule: ['a b'] }, '/rule invalid_value'],
    [{ data_set: [''] }, '/data_set invalid_value'],
    [{ rule: ['x', 'y'] }, '/rule repeated_field'],
    [{ rule: ['x'], limit: ['101'] }, '/limit invalid_value'],
    [{ rule: ['x'], from: ['2027-03-01'] }, '/from wrong_format'],
    [{ rule: ['x'], from: ['2027-03-02T00:00:00Z'], to: ['2027-03-01T00:00:00Z'] }, '/to invalid_value'],
    [{ rule: ['x'], cursor: ['a b'] }, '/cursor invalid_cursor'],
    [{ rule: ['x'], user: ['patient-1'] }, '/user unknown_field'],
  ])('refuses %j', async (query: Record<string, string[]>, fault) => {
    const answer = await call(PHARMACIST, find(query));
    expect([answer.status, faultsOf(answer)]).toEqual([400, [fault]]);
  });

  it('is forbidden to others', async () => {
    const answer = await call(callerAs('clinician', 'doctor', ['user-1']), find({ rule: ['x'] }));
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

describe('POST /interaction-results/recheck', () => {
  it('accepts a job and says where to look at it', async () => {
    const answer = await call(callerAs('admin', 'ad'), recheck({ rule: 'onc-hp-25' }));
    expect(answer).toMatchObject({ status: 202, body: { kind: 'interaction-recheck', status: 'queued' } });
    expect(answer.headers).toMatchObject({ location: `/api/v1/jobs/${answer.body.job_id}` });
    expect(bench.engine.db.rows.get(answer.body.job_id)).toMatchObject({ actorRole: 'admin' });
  });

  it.each([
    ['nothing to look for', {}, ['/rule required']],
    ['an unknown field', { rule: 'x', user_id: 'p' }, ['/user_id unknown_field']],
    ['text that is no id', { rule: 'a rule' }, ['/rule']],
  ])('refuses %s', async (_name, body, [fault = '']) => {
    const answer = await call(PHARMACIST, recheck(body));
    expect(answer.status).toBe(400);
    expect(faultsOf(answer)[0]).toContain(fault);
  });

  it('refuses a key that cannot be read, others than pharmacists and admins, and when a HIPAA check fails', async () => {
    const body = { rule: 'x' };
    expect(await call(PHARMACIST, recheck(body, { 'Idempotency-Key': 'a,b' }))).toMatchObject({
      status: 400,
    });
    expect(await call(callerAs('auditor', 'au'), recheck(body))).toMatchObject({ status: 403 });
    keyUsable = false;
    expect(await call(PHARMACIST, recheck(body))).toMatchObject({
      status: 403,
      body: { code: 'compliance_check_failed' },
    });
    expect(bench.engine.db.rows.size).toBe(0);
  });
});

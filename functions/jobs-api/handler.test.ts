import { beforeEach, describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import { refusalRecorder } from '#functions/runtime/refusal-recorder.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import { NOW, recordingApiDeps } from '#test/builders/api-deps.ts';
import { type ApiEventOptions, apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { PROBES_HOLD } from '#test/builders/probes.ts';
import { sampleJob } from '#test/contracts/sample-jobs.ts';
import { createInMemoryEmergencyGrants } from '#test/fakes/in-memory-break-glass.ts';
import { createInMemoryBulkActions } from '#test/fakes/in-memory-bulk-actions.ts';
import { createInMemoryOpenJobs } from '#test/fakes/in-memory-pauses.ts';
import { InMemoryQueue } from '#test/fakes/in-memory-queue.ts';
import { createInMemoryReleases } from '#test/fakes/in-memory-recall.ts';
import { createInMemoryVault } from '#test/fakes/in-memory-seals.ts';
import {
  createInMemoryAudit,
  createInMemoryRecords,
  createInMemoryStore,
} from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import { createInMemoryRefusalCounter } from '#test/fakes/memory-events.ts';
import { createCountingRandom, createFakeHashes } from '#test/fakes/quiet.ts';
import { jobsApi } from './handler.ts';

const refs = createFakeHashes();
const OWNER: Caller = { subject: 'patient-1', roles: ['patient'], careFor: [] };
const STRANGER: Caller = { subject: 'patient-2', roles: ['patient'], careFor: [] };
const OPERATOR: Caller = { subject: 'operator-1', roles: ['operator'], careFor: [] };

let db: MemoryDatabase;
let random: ReturnType<typeof createCountingRandom>;
beforeEach(() => {
  db = new MemoryDatabase();
  random = createCountingRandom();
});

async function call(caller: Caller | undefined, options: ApiEventOptions) {
  const { deps, log } = recordingApiDeps();
  const queue = new InMemoryQueue(() => NOW);
  const recordRefusal = refusalRecorder({
    audit: createInMemoryAudit(db),
    counter: createInMemoryRefusalCounter(db.events),
    random,
    refs: async () => refs,
  });
  const serve = jobsApi({
    probes: PROBES_HOLD,
    ...deps,
    store: createInMemoryStore(db),
    records: createInMemoryRecords(db),
    emergencyGrants: createInMemoryEmergencyGrants(db),
    audit: createInMemoryAudit(db),
    releases: createInMemoryReleases(db),
    settings: {},
    vault: createInMemoryVault(),
    queue,
    bulkActions: createInMemoryBulkActions(db),
    openJobs: createInMemoryOpenJobs(db),
    refs,
    random,
    kinds: kindsByName(),
    verifyToken: async () => (caller ? { ok: true, caller } : { ok: false, fault: 'missing' }),
  });
  const handler = apiHandler({ ...deps, recordRefusal }, serve);
  const { statusCode, body } = await handler(apiEvent(options), lambdaContext());
  return { status: statusCode, body: JSON.parse(body), log };
}

function storedJob(over: Partial<JobRow> = {}): string {
  const job = sampleJob({ createdAt: NOW, userRef: refs.user('patient-1'), ...over });
  db.putJob(job);
  return job.row.jobId;
}

const get = (jobId: string): ApiEventOptions => ({
  method: 'GET',
  path: '/jobs/{job_id}',
  pathParameters: { job_id: jobId },
});
const post = (verb: 'cancel' | 'retry', jobId: string, body?: unknown): ApiEventOptions => ({
  method: 'POST',
  path: `/jobs/{job_id}/${verb}`,
  pathParameters: { job_id: jobId },
  ...(body !== undefined && { body }),
});
const list = (query: Record<string, string[]> = {}): ApiEventOptions => ({
  method: 'GET',
  path: '/jobs',
  query,
});

describe('every route', () => {
  it.each([
    ['list', () => list()],
    ['get', () => get(storedJob())],
    ['cancel', () => post('cancel', storedJob())],
    ['retry', () => post('retry', storedJob())],
  ])('%s needs a token', async (_name, request) => {
    expect(await call(undefined, request())).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  it('answers a resource that is none of these with 404', async () => {
    expect(await call(OWNER, { method: 'GET', path: '/jobs/x/y' })).toMatchObject({ status: 404 });
  });
});

describe('GET /jobs/{job_id}', () => {
  it('shows the job to its patient', async () => {
    const jobId = storedJob();
    const { status, body, log } = await call(OWNER, get(jobId));
    expect(status).toBe(200);
    expect(body).toMatchObject({ job_id: jobId, status: 'queued', kind: 'refill-check' });
    expect(log.all).toMatchObject([{ event: 'request.answered', fields: { job_id: jobId } }]);
  });

  it('answers a foreign job exactly like one that does not exist, and leaves an entry', async () => {
    const jobId = storedJob();
    const foreign = await call(STRANGER, get(jobId));
    const absent = await call(STRANGER, get('01JZZZZZZZZZZZZZZZZZZZZZZZ'));
    expect(foreign).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(foreign.body).toEqual(absent.body);
    const entries = [...db.audit.values()].filter(({ action }) => action === 'request.refused');
    expect(entries).toMatchObject([
      { jobId, details: { status: 404 } },
      { jobId: '01JZZZZZZZZZZZZZZZZZZZZZZZ', details: { status: 404 } },
    ]);
    const chain = await createInMemoryAudit(db).chain(jobId);
    expect(chain.map(({ action }) => action)).not.toContain('request.refused');
  });

  it.each(['x', '../../x', '01jzzzzzzzzzzzzzzzzzzzzzzz', 'O1JZZZZZZZZZZZZZZZZZZZZZZZ'])(
    'refuses the id %s',
    async (jobId) => {
      expect(await call(OWNER, get(jobId))).toMatchObject({
        status: 400,
        body: { problems: [{ pointer: '/job_id', code: 'wrong_format' }] },
      });
    },
  );
});

describe('POST /jobs/{job_id}/cancel and /retry', () => {
  it('cancels what has not ended', async () => {
    const jobId = storedJob();
    expect(await call(OWNER, post('cancel', jobId))).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
    expect(db.rows.get(jobId)?.status).toBe('cancelled');
    expect(await call(OWNER, post('cancel', jobId))).toMatchObject({
      status: 409,
      body: { code: 'state_conflict' },
    });
  });

  it('retries what has failed', async () => {
    const jobId = storedJob({ status: 'failed', endedAt: NOW, attempt: 4 });
    expect(await call(OWNER, post('retry', jobId))).toMatchObject({
      status: 202,
      body: { status: 'queued', generation: 2 },
    });
    expect(await call(OWNER, post('retry', jobId))).toMatchObject({ status: 409 });
  });

  it('changes nothing for strangers', async () => {
    const jobId = storedJob();
    expect(await call(STRANGER, post('cancel', jobId))).toMatchObject({ status: 404 });
    expect(db.rows.get(jobId)?.status).toBe('queued');
  });

  it('takes an empty object as body and nothing else', async () => {
    expect(await call(OWNER, post('cancel', storedJob(), {}))).toMatchObject({ status: 200 });
    const jobId = storedJob();
    expect(await call(OWNER, post('cancel', jobId, { force: true }))).toMatchObject({
      status: 400,
      body: { problems: [{ pointer: '/force', code: 'unknown_field' }] },
    });
    expect(await call(OWNER, post('cancel', jobId, [1]))).toMatchObject({ status: 400 });
    expect(db.rows.get(jobId)?.status).toBe('queued');
  });
});

describe('GET /jobs', () => {
  it('lists own jobs, and for staff all', async () => {
    const mine = storedJob();
    const other = storedJob({ userRef: refs.user('patient-2') });
    const ids = async (caller: Caller) =>
      (await call(caller, list())).body.jobs.map((job: { job_id: string }) => job.job_id).sort();
    expect(await ids(OWNER)).toEqual([mine]);
    expect(await ids(STRANGER)).toEqual([other]);
    expect(await ids(OPERATOR)).toEqual([mine, other].sort());
  });

  it('finds what failed for one reason', async () => {
    const found = storedJob({ status: 'failed', endedAt: NOW, errorCode: 'dependency_down' });
    storedJob({ status: 'failed', endedAt: NOW, errorCode: 'other' });
    const { body } = await call(OPERATOR, list({ error_code: ['dependency_down'] }));
    expect(body.jobs.map((job: { job_id: string }) => job.job_id)).toEqual([found]);
  });

  it('filters and pages', async () => {
    for (let count = 0; count < 3; count += 1) storedJob();
    storedJob({ kind: 'backup' });
    const query = { kind: ['refill-check'], status: ['queued'], priority: ['MEDIUM'], limit: ['2'] };
    const first = await call(OWNER, list(query));
    expect(first.body.jobs).toHaveLength(2);
    const seen = [...first.body.jobs];
    let cursor = first.body.next_cursor;
    for (let pages = 0; cursor !== undefined && pages < 10; pages += 1) {
      const next = await call(OWNER, list({ ...query, cursor: [cursor] }));
      seen.push(...next.body.jobs);
      cursor = next.body.next_cursor;
    }
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map(({ job_id }) => job_id)).size).toBe(3);
  });

  it.each([
    [{ limit: ['0'] }, '/limit invalid_value'],
    [{ limit: ['101'] }, '/limit invalid_value'],
    [{ limit: ['1e2'] }, '/limit invalid_value'],
    [{ status: ['gone'] }, '/status invalid_value'],
    [{ kind: ['toString'] }, '/kind invalid_value'],
    [{ priority: ['toString'] }, '/priority invalid_value'],
    [{ from: ['2027-03-01'] }, '/from wrong_format'],
    [{ from: ['2027-03-01 00:00:00Z'] }, '/from wrong_format'],
    [{ from: ['2027-03-01T00:00:00'] }, '/from wrong_format'],
    [{ from: ['2027-02-30T00:00:00Z'] }, '/from invalid_instant'],
    [{ from: ['2027-03-02T00:00:00Z'], to: ['2027-03-01T00:00:00Z'] }, '/to invalid_value'],
    [{ to: ['2027-13-01T00:00:00Z'] }, '/to invalid_instant'],
    [{ to: ['2027-03-01T24:00Z'] }, '/to invalid_instant'],
    [{ to: ['2027-06-30T23:59:60Z'] }, '/to invalid_instant'],
    [{ cursor: ['a b'] }, '/cursor invalid_value'],
    [{ cursor: ['bm90aGluZw'] }, '/cursor invalid_cursor'],
    [{ error_code: ['Not A Code'] }, '/error_code invalid_value'],
    [{ kind: ['backup', 'refill-check'] }, '/kind repeated_field'],
    [{ user: ['patient-2'] }, '/user unknown_field'],
    [{ '<script>': ['1'] }, ' unknown_field'],
  ])('refuses %j', async (query: Record<string, string[]>, expected) => {
    const { status, body } = await call(OWNER, list(query));
    expect(status).toBe(400);
    const seen = body.problems.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`);
    expect(seen).toEqual([expected]);
  });

  it('names all that is wrong at once', async () => {
    const { body } = await call(OWNER, list({ limit: ['x'], status: ['x'], x: ['x'] }));
    expect(body.problems).toHaveLength(3);
  });
});

describe('POST /jobs/search', () => {
  const search = (body: unknown): ApiEventOptions => ({ method: 'POST', path: '/jobs/search', body });

  it('finds the jobs of one user for staff', async () => {
    const mine = storedJob();
    storedJob({ userRef: refs.user('patient-2') });
    const { status, body } = await call(OPERATOR, search({ user_id: 'patient-1', status: 'queued' }));
    expect([status, body.jobs.map((job: { job_id: string }) => job.job_id)]).toEqual([200, [mine]]);
    expect(await call(OWNER, search({ user_id: 'patient-1' }))).toMatchObject({ status: 403 });
  });

  it.each([
    [{}, '/user_id required'],
    [{ user_id: 'u', kind: 'none' }, '/kind invalid_value'],
    [{ user_id: 'u', from: '2026-02-30T00:00:00Z' }, '/from invalid_instant'],
    [{ user_id: 'u', limit: 101 }, '/limit too_large'],
    [{ user_id: 'u', cursor: 'bm9uZQ' }, '/cursor invalid_cursor'],
  ])('refuses %j', async (body, fault) => {
    const answer = await call(OPERATOR, search(body));
    expect(answer.status).toBe(400);
    expect(
      answer.body.problems.map((one: Record<string, string>) => `${one['pointer']} ${one['code']}`),
    ).toEqual([fault]);
  });
});

describe('POST /bulk-actions', () => {
  const start = (body: unknown, headers = {}): ApiEventOptions => ({
    method: 'POST',
    path: '/bulk-actions',
    body,
    headers,
  });
  const one = (method: string, id: string, verb = ''): ApiEventOptions => ({
    method,
    path: `/bulk-actions/{bulk_action_id}${verb}`,
    pathParameters: { bulk_action_id: id },
  });
  const filter = { error_code: 'dependency_down' };

  it('counts, starts, shows and stops', async () => {
    storedJob({ status: 'failed', endedAt: NOW, errorCode: 'dependency_down' });
    const dry = await call(OPERATOR, start({ action: 'retry', filter, dry_run: true }));
    expect(dry).toMatchObject({ status: 200, body: { matched: { count: 1, more: false } } });
    const started = await call(OPERATOR, start({ action: 'retry', filter, dry_run: false }));
    expect(started).toMatchObject({
      status: 202,
      body: { status: 'running', rate_per_second: 5, filter, links: { abort: expect.any(String) } },
    });
    const id = started.body.bulk_action_id;
    expect(await call(OPERATOR, one('GET', id))).toMatchObject({ status: 200, body: started.body });
    const aborted = await call(OPERATOR, one('POST', id, '/abort'));
    expect(aborted).toMatchObject({
      status: 200,
      body: { status: 'aborted', links: { self: expect.any(String) } },
    });
    expect(await call(OWNER, one('GET', id))).toMatchObject({ status: 403 });
  });

  it.each([
    [{ action: 'retry', filter: {}, dry_run: true }, '/filter'],
    [{ action: 'delete', filter, dry_run: true }, '/action'],
    [{ action: 'retry', filter }, '/dry_run'],
    [{ action: 'retry', filter: { user_id: 'u' }, dry_run: true }, '/filter/user_id'],
    [{ action: 'retry', filter: { kind: 'none' }, dry_run: true }, '/filter/kind'],
    [{ action: 'retry', filter: { status: 'queued' }, dry_run: true }, '/filter/status'],
    [{ action: 'retry', filter, dry_run: true, rate_per_second: 21 }, '/rate_per_second'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await call(OPERATOR, start(body));
    expect(answer).toMatchObject({ status: 400, body: { problems: [{ pointer }] } });
  });
});

import { describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  NOW,
  requestAt,
  submitted,
  type TestEngine,
} from '#test/builders/test-engine.ts';
import { failing, testKind } from '#test/builders/test-kinds.ts';
import { PermanentError } from '../errors/attempt-error.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { Role } from '../lifecycle/role.ts';
import { type ListQuery, listJobs } from './list-jobs.ts';

const work = testKind();
const bad = testKind({ name: 'bad', priority: 'HIGH', process: failing(new PermanentError('no_way', 'no')) });
const STAFF = callerAs('operator', 'op');

const jobsOf = (page: JsonObject) => page['jobs'] as readonly JsonObject[]; // What listJobs answers.
const idsOf = (page: JsonObject) => jobsOf(page).map((job) => String(job['job_id']));
const list = (engine: TestEngine, caller: Caller, query: Partial<ListQuery> = {}) =>
  listJobs(engine, caller, { limit: 25, ...query }, requestAt(engine));

/** Every page, until there is no cursor. */
async function allPages(engine: TestEngine, caller: Caller, query: Partial<ListQuery>) {
  const ids: string[] = [];
  let pages = 0;
  let cursor: string | undefined;
  do {
    const page = await list(engine, caller, { ...query, ...(cursor !== undefined && { cursor }) });
    ids.push(...idsOf(page));
    pages += 1;
    cursor = page['next_cursor'] === undefined ? undefined : String(page['next_cursor']);
  } while (cursor !== undefined && pages < 50);
  return { ids, pages };
}

/** Jobs of two patients and one about nobody: some done, one failed, one open. */
async function setUp() {
  const engine = createTestEngine([work, bad]);
  const submit = async (kind = work, payload = {}) => (await submitted(engine, kind, { payload })).jobId;
  const done = await submit(work, { user_id: 'user-1' });
  const failed = await submit(bad, { user_id: 'user-1' });
  const nobody = await submit();
  await deliverAll(engine);
  engine.time.advance(60);
  const open = await submit(work, { user_id: 'user-1' });
  const other = await submit(work, { user_id: 'user-2' });
  return { engine, done, failed, nobody, open, other };
}

describe('own jobs', () => {
  it('are listed for a patient, newest first, and nobody else’s', async () => {
    const { engine, done, failed, open } = await setUp();
    const ids = idsOf(await list(engine, callerAs('patient', 'user-1')));
    expect(ids[0]).toBe(open);
    expect(ids.toSorted()).toEqual([done, failed, open].toSorted());
  });

  it('are those of the relationship that the role asks for, whatever else the token claims', async () => {
    const { engine, done, failed, open, other } = await setUp();
    const patient = callerAs('patient', 'user-2', ['user-1']);
    expect(idsOf(await list(engine, patient))).toEqual([other]);
    expect(idsOf(await list(engine, callerAs('caregiver', 'user-1')))).toEqual([]);
    const both = callerAs(['patient', 'caregiver'], 'user-2', ['user-1']);
    expect(idsOf(await list(engine, both)).toSorted()).toEqual([done, failed, open, other].toSorted());
  });

  it('carry no summary of a patient’s result for operators', async () => {
    const { engine, failed } = await setUp();
    const row = engine.db.rows.get(failed);
    if (row) engine.db.putRow(row, 'out, 0 days');
    expect(JSON.stringify(await list(engine, STAFF))).not.toContain('out, 0 days');
    expect(JSON.stringify(await list(engine, callerAs('service', 's')))).toContain('out, 0 days');
  });

  it('of the people cared for are listed for caregivers and clinicians', async () => {
    const { engine, other } = await setUp();
    expect(idsOf(await list(engine, callerAs('caregiver', 'carer', ['user-2'])))).toEqual([other]);
    expect(idsOf(await list(engine, callerAs('clinician', 'doctor', ['user-2'])))).toEqual([other]);
    expect(idsOf(await list(engine, callerAs('clinician', 'doctor')))).toEqual([]);
  });

  it.each([
    ['a patient', callerAs('patient', 'user-1'), undefined],
    ['a caregiver', callerAs('caregiver', 'carer', ['user-1']), undefined],
    ['a clinician', callerAs('clinician', 'doctor', ['user-1']), 'done'],
  ])('have their summary shown only to those who see all of a result: %s', async (_, caller, summary) => {
    const kind = testKind({ patientView: () => ({}) });
    const engine = createTestEngine([kind]);
    await submitted(engine, kind, { payload: { user_id: 'user-1' } });
    await deliverAll(engine);
    expect(jobsOf(await list(engine, caller)).map((job) => job['summary'])).toEqual([summary]);
  });

  it('have the summaries of a page opened together, and only those that are shown', async () => {
    const { engine } = await setUp();
    const opened: string[][] = [];
    const summaries: TestEngine['store']['summaries'] = async (rows) => {
      opened.push(rows.map((row) => row.jobId));
      return engine.store.summaries(rows);
    };
    const watching = { ...engine, store: { ...engine.store, summaries } };

    const page = await listJobs(watching, callerAs('patient', 'user-1'), { limit: 25 }, requestAt(engine));
    expect(opened).toEqual([idsOf(page)]);

    await listJobs(watching, STAFF, { limit: 25 }, requestAt(engine));
    const { length } = jobsOf(page);
    expect(length).toBe(3);
    for (const jobId of idsOf(page)) expect(opened[1]).not.toContain(jobId);
  });

  it.each([
    ['kind', { kind: 'bad' }, ['failed']],
    ['status', { status: 'succeeded' }, ['done']],
    ['priority', { priority: 'MEDIUM' }, ['done', 'open']],
    ['from', { from: addSeconds(NOW, 60) }, ['open']],
    ['to', { to: addSeconds(NOW, 60) }, ['done', 'failed']],
    ['kind and status', { kind: 'bad', status: 'queued' }, []],
  ] as const)('are filtered by %s', async (_, query, names) => {
    const set = await setUp();
    const ids = idsOf(await list(set.engine, callerAs('patient', 'user-1'), query));
    expect(ids.toSorted()).toEqual(names.map((name) => set[name]).toSorted());
  });

  it('of earlier months are found too, page by page, each once', async () => {
    const engine = createTestEngine([work], { start: '2026-01-15T08:00:00.000Z' });
    const made: string[] = [];
    for (let month = 0; month < 3; month += 1) {
      for (let n = 0; n < 3; n += 1) {
        made.push((await submitted(engine, work, { payload: { user_id: 'user-1' } })).jobId);
        engine.time.advance(60);
      }
      engine.time.advance(29 * 86_400);
    }
    const { ids, pages } = await allPages(engine, callerAs('patient', 'user-1'), { limit: 2 });
    expect(ids).toEqual(made.toReversed());
    expect(pages).toBeGreaterThan(3);
  });

  it('across a turn of the year are found', async () => {
    const engine = createTestEngine([work], { start: '2025-12-31T23:59:00.000Z' });
    const { jobId } = await submitted(engine, work, { payload: { user_id: 'user-1' } });
    engine.time.advance(120);
    expect(idsOf(await list(engine, callerAs('patient', 'user-1')))).toEqual([jobId]);
  });
});

describe('all jobs', () => {
  it.each(['operator', 'auditor', 'admin', 'service'] as const)('are listed for %s', async (role) => {
    const { engine, ...jobs } = await setUp();
    const page = await list(engine, callerAs(role, 'staff'));
    expect(idsOf(page).toSorted()).toEqual(Object.values(jobs).toSorted());
    expect(page).not.toHaveProperty('next_cursor');
    expect(JSON.stringify(page)).not.toMatch(/"result"|user-/);
  });

  it('are reduced to roll-ups for an analyst, open and ended', async () => {
    const rollUp = testKind({ name: 'analytics-roll-up' });
    const engine = createTestEngine([work, bad, rollUp]);
    const submit = async (kind = work, payload = {}) => (await submitted(engine, kind, { payload })).jobId;
    const rolled = await submit(rollUp);
    await submit();
    await submit(work, { user_id: 'user-1' });
    await deliverAll(engine);
    engine.time.advance(60);
    const open = await submit(rollUp);
    await submit();
    const seen = await allPages(engine, callerAs('analyst', 'an'), { limit: 1 });
    expect(seen.ids.toSorted()).toEqual([rolled, open].toSorted());
  });

  it('leave imports out for applications, which ask after their own by their ids', async () => {
    const imports = testKind({ name: 'import' });
    const engine = createTestEngine([work, imports]);
    const { jobId } = await submitted(engine, imports, { payload: {} });
    await submitted(engine, work, { payload: {} });
    const ids = async (role: Role) => idsOf(await list(engine, callerAs(role, 'client')));
    expect(await ids('service')).not.toContain(jobId);
    expect(await ids('operator')).toContain(jobId);
  });

  it('are forbidden to a caller without a role', async () => {
    const { engine } = await setUp();
    await expect(list(engine, callerAs([]))).rejects.toMatchObject({ code: 'forbidden' });
  });

  it.each([
    ['failed ones', { status: 'failed' }, ['failed']],
    ['ended ones', { status: 'succeeded' }, ['done', 'nobody']],
    ['open ones', { status: 'queued' }, ['open', 'other']],
    ['a kind', { kind: 'bad' }, ['failed']],
    ['a priority', { priority: 'HIGH' }, ['failed']],
    ['a status nobody has', { status: 'waiting' }, []],
    ['when open ones were made', { status: 'queued', to: addSeconds(NOW, 60) }, []],
    ['when failed ones were made', { status: 'failed', from: addSeconds(NOW, -1) }, ['failed']],
  ] as const)('are filtered by %s', async (_, query, names) => {
    const set = await setUp();
    const ids = idsOf(await list(set.engine, STAFF, query));
    expect(ids.toSorted()).toEqual(names.map((name) => set[name]).toSorted());
  });

  it('that ended are those of the last 24 hours, unless a range is given', async () => {
    const { engine, done, nobody } = await setUp();
    const query = { status: 'succeeded', limit: 25 } as const;
    engine.time.advance(86_400 - 60);
    expect(idsOf(await list(engine, STAFF, query))).toHaveLength(2);
    engine.time.advance(1);
    expect(idsOf(await list(engine, STAFF, query))).toEqual([]);
    const range = { from: addSeconds(NOW, -3600), to: addSeconds(NOW, 3600) };
    expect(idsOf(await list(engine, STAFF, { ...query, ...range })).toSorted()).toEqual(
      [done, nobody].toSorted(),
    );
  });

  it('that ended belong to the range in which they ended, whenever they were made', async () => {
    const engine = createTestEngine([work]);
    const { jobId } = await submitted(engine, work);
    engine.time.advance(7200);
    await deliverAll(engine);
    engine.time.advance(3600);
    const hour = (from: number) =>
      list(engine, STAFF, {
        status: 'succeeded',
        from: addSeconds(NOW, from),
        to: addSeconds(NOW, from + 3600),
      });
    expect(idsOf(await hour(0))).toEqual([]);
    expect(idsOf(await hour(7200))).toEqual([jobId]);
  });

  it('come page by page, each once, failed and open ones before ended ones', async () => {
    const { engine, ...jobs } = await setUp();
    const { ids, pages } = await allPages(engine, STAFF, { limit: 2 });
    expect(ids).toHaveLength(5);
    expect(ids.toSorted()).toEqual(Object.values(jobs).toSorted());
    expect(ids.slice(3).toSorted()).toEqual([jobs.done, jobs.nobody].toSorted());
    expect(pages).toBeGreaterThanOrEqual(3);
  });

  it('refuse a cursor of another filter, or of somebody else’s list: it would pass over jobs without a word', async () => {
    const engine = createTestEngine([work]);
    for (let index = 0; index < 3; index += 1) await submitted(engine, work, { priority: 'MEDIUM' });
    const filter = { status: 'queued', priority: 'MEDIUM', limit: 1 } as const;
    const cursor = String((await list(engine, STAFF, filter))['next_cursor']);
    expect((await list(engine, STAFF, { ...filter, cursor }))['jobs']).toHaveLength(1);
    const other = { code: 'invalid_input', problems: [{ pointer: '/cursor', code: 'invalid_cursor' }] };
    for (const another of [
      { status: 'failed' },
      { priority: 'LOW' },
      { kind: 'bad' },
      { from: NOW },
    ] as const)
      await expect(list(engine, STAFF, { ...filter, ...another, cursor })).rejects.toMatchObject(other);
    await expect(list(engine, callerAs('analyst', 'a'), { ...filter, cursor })).rejects.toMatchObject(other);
  });

  it('refuse a cursor that is none', async () => {
    const { engine } = await setUp();
    const cursor = Buffer.from('{"phase":"secret"}').toString('base64url');
    await expect(list(engine, STAFF, { cursor })).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer: '/cursor', code: 'invalid_cursor' }],
    });
  });
});

it.each<[string, Caller]>([
  ['staff', STAFF],
  ['a patient', callerAs('patient', 'user-1')],
])('shows %s the others when a row cannot be read, and how many it could not show', async (_, caller) => {
  const { engine } = await setUp();
  const whole = idsOf(await list(engine, caller));
  const { listOpen, listByUser } = engine.store;
  // The first page of each has one.
  const spoilt = [2, 1];
  engine.store.listOpen = async (...given) => ({
    ...(await listOpen(...given)),
    unreadable: spoilt.pop() ?? 0,
  });
  engine.store.listByUser = async (...given) => ({
    ...(await listByUser(...given)),
    unreadable: spoilt.pop() ?? 0,
  });
  const page = await list(engine, caller, { limit: 100 });
  expect(idsOf(page)).toEqual(whole);
  expect(page['unreadable_jobs']).toBe(caller === STAFF ? 1 : 3);
});

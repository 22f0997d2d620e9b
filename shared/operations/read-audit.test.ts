import { beforeEach, describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  submitted,
  type TestEngine,
} from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import { sampleEntry } from '#test/contracts/sample-jobs.ts';
import { createInMemoryAuditPages } from '#test/fakes/in-memory-seals.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import { ROLES } from '../lifecycle/role.ts';
import { getEvidence } from './get-evidence.ts';
import { getJob } from './get-job.ts';
import { type AuditQuestion, readAudit } from './read-audit.ts';

const kind = testKind({
  process: async () => ({ end: 'succeeded', result: { secret: 'finding' }, summary: 'done' }),
});
const AUDITOR = callerAs('auditor', 'auditor-1');
const RANGE = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };

let engine: TestEngine;
let jobId: string;
beforeEach(async () => {
  engine = createTestEngine([kind]);
  ({ jobId } = await submitted(engine, kind, { payload: { user_id: 'user-1' } }));
  await submitted(engine, kind, { payload: { user_id: 'user-2' } });
  await deliverAll(engine);
});

/** As if everybody had been known by another name in earlier years. */
const pseudonymsOf = async (ref: string) => [`earlier-${ref}`, ref];

const request = () => ({ correlationId: 'request-1', receivedAt: engine.time.now() });
const ask = (about: AuditQuestion['about'], over: Partial<AuditQuestion> = {}, caller = AUDITOR) => {
  const pages = createInMemoryAuditPages(() => engine.db.audit.values());
  return readAudit({ ...engine, pages }, caller, { about, range: RANGE, limit: 100, ...over }, request());
};
const actions = async (...args: Parameters<typeof ask>) =>
  (await ask(...args)).entries.map(({ action }) => action);

describe('the trail', () => {
  it('knows people by the names of other years, too, whatever they are looked for by', async () => {
    const { subjectRef: _subject, entryId: _id, ...draft } = sampleEntry();
    const before = { ...draft, at: '2026-11-02T00:00:00.000Z' };
    const of = {
      ...before,
      action: 'job.read',
      subjectRef: `earlier-${engine.refs.user('user-1')}`,
    } as const;
    await engine.audit.put(standaloneEntry(of, 'e1'));
    const client = engine.refs.actor('client');
    const actor = { ref: `earlier-${client}`, role: 'service' } as const;
    const by = { ...before, action: 'jobs.listed', actor } as const;
    await engine.audit.put(standaloneEntry(by, 'e2'));
    Object.assign(engine, { pseudonymsOf });
    expect(await actions({ userId: 'user-1' })).toEqual(['job.read', 'job.accepted', 'job.succeeded']);
    for (const about of [{ actorId: 'client' }, { actorRef: client }])
      expect((await actions(about))[0]).toBe('jobs.listed');
  });

  it('of a job holds its life and who looked at it', async () => {
    engine.time.advance(5);
    await getJob(engine, callerAs('patient', 'user-1'), jobId, request());
    expect(await actions({ jobId })).toEqual(['job.accepted', 'job.succeeded', 'job.read']);
  });

  it('of a patient holds what is about that patient and nobody else', async () => {
    const { entries } = await ask({ userId: 'user-1' });
    expect(entries.map(({ action }) => action)).toEqual(['job.accepted', 'job.succeeded']);
    expect(new Set(entries.map(({ subjectRef }) => subjectRef))).toEqual(
      new Set([engine.refs.user('user-1')]),
    );
  });

  it('of an actor is found by the subject of a token and by what entries call it', async () => {
    expect(await actions({ actorId: 'client' })).toEqual(['job.accepted', 'job.accepted']);
    expect(await actions({ actorRef: engine.refs.actor('client') })).toEqual([
      'job.accepted',
      'job.accepted',
    ]);
    expect(await actions({ actorRef: 'system:worker' })).toEqual(['job.succeeded', 'job.succeeded']);
  });

  it('never tells a name, an id of a patient or a finding', async () => {
    const found = await Promise.all([ask({ jobId }), ask({ userId: 'user-1' }), ask({ actorId: 'client' })]);
    expect(JSON.stringify(found)).not.toMatch(/user-1|finding|"client"/);
  });

  it('is shown to auditors and to no other role', async () => {
    const questions = [{ jobId }, { userId: 'user-1' }, { actorId: 'client' }, { actorRef: 'system:worker' }];
    for (const role of ROLES.filter((name) => name !== 'auditor'))
      for (const about of questions) {
        const caller = callerAs(role, 'user-1', ['user-1']);
        await expect(ask(about, {}, caller)).rejects.toMatchObject({ code: 'forbidden' });
      }
    expect(await actions({ jobId }, {}, callerAs(['admin', 'auditor'], 'both'))).toHaveLength(2);
  });

  it('of a job that nothing is known of is 404; of a person it is empty', async () => {
    await expect(ask({ jobId: '01JZZZZZZZZZZZZZZZZZZZZZZZ' })).rejects.toMatchObject({ code: 'not_found' });
    expect(await ask({ userId: 'nobody' })).toMatchObject({ entries: [] });
  });
});

describe('looking into the trail', () => {
  const last = () => [...engine.db.audit.values()].filter(({ action }) => action === 'audit.read').at(-1);

  it('leaves an entry that says whose trail it was, and by which hash an actor was asked for', async () => {
    await ask({ jobId });
    expect(last()).toMatchObject({
      actor: { ref: engine.refs.actor('auditor-1'), role: 'auditor', purpose: { code: 'HCOMPL' } },
      jobId,
      subjectRef: engine.refs.user('user-1'),
      details: { by: 'job', count: 2, first_page: true },
    });
    await ask({ userId: 'nobody' });
    expect(last()).toMatchObject({
      subjectRef: engine.refs.user('nobody'),
      details: { by: 'subject', count: 0 },
    });
    await ask({ actorId: 'client' });
    expect(last()?.details).toMatchObject({ by: 'actor', actor_ref: engine.refs.actor('client'), count: 2 });
    expect(last()).not.toHaveProperty('subjectRef');
  });

  it('is seen by the next who looks', async () => {
    await ask({ jobId });
    engine.time.advance(1);
    expect(await actions({ jobId })).toContain('audit.read');
  });
});

describe('the evidence of a job', () => {
  it('is shown to whoever may see the job, with the time and the table that was in force', async () => {
    const checks = [
      { name: 'token', control: '164.312(d)', outcome: 'verified', evidence: 'authenticate' },
    ] as const;
    const job = await submitted(engine, kind, { payload: { user_id: 'user-1' }, checks });
    for (const caller of [callerAs('patient', 'user-1'), callerAs('admin'), AUDITOR])
      expect(await getEvidence(engine, caller, job.jobId, request())).toEqual({
        job_id: job.jobId,
        kind: kind.name,
        accepted_at: job.createdAt,
        accepted_as: 'service',
        policy_version: expect.stringMatching(/^[0-9a-f]{16}$/),
        checks: [{ ...checks[0], at: job.createdAt }],
      });
    const foreign = callerAs('patient', 'user-2');
    await expect(getEvidence(engine, foreign, job.jobId, request())).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

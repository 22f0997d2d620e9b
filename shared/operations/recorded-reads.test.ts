import { describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  requestAt,
  submitted,
  type TestEngine,
  TOKEN_ID,
} from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import { createInMemoryAuditPages } from '#test/fakes/in-memory-seals.ts';
import { RETENTION_DAYS } from '../contract/tables.ts';
import { daysKept, isAccess } from '../evidence/accounting.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import { findInteractionResults } from './find-interaction-results.ts';
import { getEvidence } from './get-evidence.ts';
import { getJob } from './get-job.ts';
import { getPreferences } from './get-preferences.ts';
import { getReceipt } from './get-receipt.ts';
import { listJobs } from './list-jobs.ts';
import { listMedications } from './list-medications.ts';
import { listReminders } from './list-reminders.ts';
import { readAudit } from './read-audit.ts';

const kind = testKind({
  process: async () => ({ end: 'succeeded', result: { secret: 'finding' }, summary: 'done' }),
  patientView: () => ({}),
});
const PATIENT = callerAs('patient', 'user-1');
const DOCTOR = callerAs('clinician', 'doctor', ['user-1', 'user-2']);
const ABOUT = { userId: 'user-1' };

async function withJobs(...users: readonly (string | undefined)[]) {
  const engine = createTestEngine([kind]);
  const ids: string[] = [];
  for (const user_id of users)
    ids.push((await submitted(engine, kind, { payload: user_id === undefined ? {} : { user_id } })).jobId);
  await deliverAll(engine);
  return { engine, ids, jobId: ids[0] ?? '' };
}

const reads = (engine: TestEngine): AuditEntry[] =>
  [...engine.db.audit.values()].filter(({ action }) => /\.(read|listed|searched)$/.test(action));

const READS = {
  getJob: async (engine: TestEngine, jobId: string) => getJob(engine, PATIENT, jobId, requestAt(engine)),
  listJobs: async (engine: TestEngine) => listJobs(engine, PATIENT, { limit: 25 }, requestAt(engine)),
  listReminders: async (engine: TestEngine) =>
    listReminders(engine, PATIENT, { ...ABOUT, query: { limit: 5 } }, requestAt(engine)),
  listMedications: async (engine: TestEngine) => listMedications(engine, PATIENT, ABOUT, requestAt(engine)),
  getPreferences: async (engine: TestEngine) => getPreferences(engine, PATIENT, ABOUT, requestAt(engine)),
  getEvidence: async (engine: TestEngine, jobId: string) =>
    getEvidence(engine, PATIENT, jobId, requestAt(engine)),
  getReceipt: async (engine: TestEngine, jobId: string) =>
    getReceipt(engine, PATIENT, jobId, requestAt(engine)),
  readAudit: async (engine: TestEngine, jobId: string) => {
    const pages = createInMemoryAuditPages(() => engine.db.audit.values());
    return readAudit(
      { ...engine, pages },
      callerAs('auditor'),
      { about: { jobId }, limit: 5 },
      requestAt(engine),
    );
  },
  findInteractionResults: async (engine: TestEngine) =>
    findInteractionResults(
      engine,
      callerAs('auditor'),
      { rule: 'x', from: '2026-01-01T00:00:00.000Z', limit: 5 },
      requestAt(engine),
    ),
};

describe('every read', () => {
  it.each(Object.entries(READS))('%s leaves one entry', async (_, read) => {
    const { engine, jobId } = await withJobs('user-1');
    await read(engine, jobId);
    expect(reads(engine)).toMatchObject([{ outcome: 'success', correlationId: 'request-1' }]);
  });

  it.each(Object.entries(READS))('%s is refused when its entry cannot be written', async (_, read) => {
    const { engine, jobId } = await withJobs('user-1');
    const put = async () => Promise.reject(new Error('the table refuses writes'));
    const deaf = { ...engine, audit: { ...engine.audit, put } };
    await expect(read(deaf, jobId)).rejects.toMatchObject({ code: 'read_not_recorded' });
  });
});

describe('the entry of a job that was read', () => {
  it('says who saw how much of it, and stands outside the chain of the job', async () => {
    const { engine, jobId } = await withJobs('user-1');
    await getJob(engine, callerAs('operator', 'staff'), jobId, requestAt(engine));
    await getJob(engine, DOCTOR, jobId, requestAt(engine));
    const about = { action: 'job.read', jobId, subjectRef: engine.refs.user('user-1') };
    expect(reads(engine)).toMatchObject([
      { ...about, actor: { role: 'operator' }, details: { result: false, summary: false } },
      {
        ...about,
        actor: { role: 'clinician', tokenId: TOKEN_ID },
        details: { result: true, summary: true },
      },
    ]);
    expect(reads(engine).filter(({ seq }) => seq !== undefined)).toEqual([]);
    expect(JSON.stringify(reads(engine))).not.toContain('finding');
  });

  it('names the token by its id where that can be no name, and else by a keyed hash', async () => {
    const { engine, jobId } = await withJobs('user-1');
    const named = `jane-smith-1950-${'x'.repeat(2_000)}`;
    await getJob(engine, { ...DOCTOR, tokenId: named }, jobId, requestAt(engine));
    const [entry] = reads(engine);
    expect(entry?.actor.tokenId).toBe(engine.refs.token(named));
    expect(JSON.stringify(entry)).not.toContain('jane');
  });

  it('is not written for a job that is not shown', async () => {
    const { engine, jobId } = await withJobs('user-2');
    await expect(getJob(engine, PATIENT, jobId, requestAt(engine))).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(reads(engine)).toEqual([]);
  });
});

describe('the entry of a list', () => {
  const list = async (engine: TestEngine, caller: typeof PATIENT) => {
    await listJobs(engine, caller, { limit: 25 }, requestAt(engine));
    return reads(engine);
  };

  it('names the patient whom it is about, also when it is empty', async () => {
    for (const users of [['user-1', 'user-1'], []]) {
      const { engine } = await withJobs(...users);
      expect(await list(engine, PATIENT)).toMatchObject([
        { action: 'jobs.listed', subjectRef: engine.refs.user('user-1'), details: { count: users.length } },
      ]);
    }
  });

  it.each([
    ['who cares for them', DOCTOR],
    ['an application', callerAs('service', 'app')],
  ])('is one for each patient whose jobs it shows to %s', async (_, caller) => {
    const { engine } = await withJobs('user-1', 'user-2', 'user-2');
    engine.time.advance(60);
    const entries = await list(engine, { ...caller, purpose: 'PUBHLTH' });
    expect(entries.map(({ subjectRef, details }) => [subjectRef, details['count']])).toEqual(
      expect.arrayContaining([
        [engine.refs.user('user-1'), 1],
        [engine.refs.user('user-2'), 2],
      ]),
    );
    expect(entries).toHaveLength(2);
    for (const entry of entries) {
      expect(entry).toMatchObject({ actor: { role: caller.roles[0], purpose: { code: 'PUBHLTH' } } });
      expect([isAccess(entry), daysKept(entry)]).toEqual([true, RETENTION_DAYS.accesses]);
    }
  });

  it('names the role in which a patient’s jobs are seen', async () => {
    const { engine } = await withJobs('user-1', 'user-2');
    const both = callerAs(['patient', 'clinician'], 'user-1', ['user-2']);
    const roles = (await list(engine, both)).map(({ subjectRef, actor }) => [subjectRef, actor.role]);
    expect(roles.toSorted()).toEqual(
      [
        [engine.refs.user('user-1'), 'patient'],
        [engine.refs.user('user-2'), 'clinician'],
      ].toSorted(),
    );
  });

  it('is refused whole when the entry of one patient cannot be written', async () => {
    const { engine } = await withJobs('user-1', 'user-2');
    const putAll = async () => Promise.reject(new Error('the table refuses writes'));
    const deaf = { ...engine, audit: { ...engine.audit, putAll } };
    await expect(listJobs(deaf, DOCTOR, { limit: 25 }, requestAt(engine))).rejects.toMatchObject({
      code: 'read_not_recorded',
    });
  });

  it('has counts only for those who are told of nobody, and when it is about nobody', async () => {
    const mixed = await withJobs('user-1', undefined);
    mixed.engine.time.advance(60);
    const [staff] = await list(mixed.engine, callerAs(['patient', 'operator'], 'staff'));
    expect(staff).toMatchObject({ actor: { role: 'operator' }, details: { count: 2, patients: 1 } });
    expect(staff).not.toHaveProperty('subjectRef');
  });
});

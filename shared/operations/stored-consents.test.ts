import { beforeEach, describe, expect, it } from 'vitest';
import {
  callerAs,
  createTestEngine,
  requestAt,
  submitted,
  type TestEngine,
} from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import type { CaregiverGrant } from '../jobs/ports.ts';
import { kindsByName } from '../jobs/registry.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import { cancelJob } from './cancel-job.ts';
import { getJob } from './get-job.ts';
import { listJobs } from './list-jobs.ts';
import { listMedications } from './list-medications.ts';
import { listReminders } from './list-reminders.ts';
import { DEFAULT_PREFERENCES } from './preferences-view.ts';
import { putPreferences } from './put-preferences.ts';

const DAUGHTER = 'daughter';
const WITH_CLAIM = callerAs('caregiver', DAUGHTER, ['user-1']);
const WITHOUT_CLAIM = callerAs('caregiver', DAUGHTER);
const refill = testKind({ name: 'refill-check' });
const interactions = testKind({ name: 'interaction-check' });

let engine: TestEngine;
beforeEach(() => {
  engine = createTestEngine([refill, interactions]);
});

/** Stores what patient `user-1` lets the daughter do. */
function grant(over: Partial<CaregiverGrant> = {}) {
  const given: CaregiverGrant = {
    caregiverId: DAUGHTER,
    scopes: ['see_reminders', 'see_supply'],
    consentedAt: addSeconds(engine.time.now(), -3600),
    start: addSeconds(engine.time.now(), -3600),
    ...over,
  };
  const preferences = { ...DEFAULT_PREFERENCES, caregivers: [given] };
  engine.db.applyWrites([
    {
      type: 'user',
      owner: engine.refs.user('user-1'),
      id: '',
      expect: 'any',
      state: {},
      body: { userId: 'user-1', preferences },
    },
  ]);
}

const about = { userId: 'user-1' };
const reminders = (caller = WITH_CLAIM) =>
  listReminders(engine, caller, { ...about, query: { limit: 5 } }, requestAt(engine));
const medications = (caller = WITH_CLAIM) => listMedications(engine, caller, about, requestAt(engine));
const jobOf = (kind = refill) => submitted(engine, kind, { payload: { user_id: 'user-1' } });
const forbidden = { code: 'forbidden' };

/** The engine with its reads of records counted. */
function counting() {
  const calls: number[] = [];
  const readMany: TestEngine['records']['readMany'] = (keys) => {
    calls.push(keys.length);
    return engine.records.readMany(keys);
  };
  return { calls, engine: { ...engine, records: { ...engine.records, readMany } } };
}

describe('a caregiver with a grant', () => {
  it('may do without a claim what its scopes name, and nothing else', async () => {
    grant();
    expect(await reminders(WITHOUT_CLAIM)).toHaveProperty('reminders');
    expect(await medications(WITHOUT_CLAIM)).toHaveProperty('medications');
    const put = putPreferences(engine, WITHOUT_CLAIM, about, {}, requestAt(engine));
    await expect(put).rejects.toMatchObject(forbidden);
  });

  it.each<[string, () => Partial<CaregiverGrant>]>([
    ['was revoked', () => ({ revokedAt: addSeconds(engine.time.now(), -60) })],
    ['has ended', () => ({ end: engine.time.now() })],
    ['has not begun', () => ({ start: addSeconds(engine.time.now(), 60) })],
    ['names another scope', () => ({ scopes: ['receive_escalations'] })],
  ])('that %s may not, whatever the claim says', async (_, over) => {
    grant(over());
    const { jobId } = await jobOf();
    await expect(reminders()).rejects.toMatchObject(forbidden);
    await expect(medications()).rejects.toMatchObject(forbidden);
    const request = requestAt(engine);
    await expect(getJob(engine, WITH_CLAIM, jobId, request)).rejects.toMatchObject({ code: 'not_found' });
    await expect(cancelJob(engine, WITH_CLAIM, jobId, request)).rejects.toMatchObject({ code: 'not_found' });
    expect(await listJobs(engine, WITH_CLAIM, { limit: 25 }, request)).toEqual({ jobs: [] });
  });

  it('sees jobs of the kinds that its scopes name, by id and in lists', async () => {
    grant();
    const seen = await jobOf();
    const hidden = await jobOf(interactions);
    const request = requestAt(engine);
    expect(await getJob(engine, WITHOUT_CLAIM, seen.jobId, request)).toMatchObject({ job_id: seen.jobId });
    const other = getJob(engine, WITHOUT_CLAIM, hidden.jobId, request);
    await expect(other).rejects.toMatchObject({ code: 'not_found' });
    const { jobs } = await listJobs(engine, WITH_CLAIM, { limit: 25 }, request);
    expect(jobs).toMatchObject([{ job_id: seen.jobId }]);
  });
});

describe('a caregiver to whom the patient has given nothing', () => {
  it('may what the claim says', async () => {
    grant({ caregiverId: 'son' });
    expect(await reminders()).toHaveProperty('reminders');
    await expect(reminders(WITHOUT_CLAIM)).rejects.toMatchObject(forbidden);
  });
});

describe('the cost', () => {
  it('is one batch for a caregiver and for a professional, and none for anybody else', async () => {
    grant();
    const { jobId } = await jobOf();
    const reads = async (caller: typeof WITH_CLAIM) => {
      const counted = counting();
      await getJob(counted.engine, caller, jobId, requestAt(engine));
      await listJobs(counted.engine, caller, { limit: 25 }, requestAt(engine));
      return counted.calls;
    };
    // Of those whom a claim names it is also asked whether they were erased.
    expect(await reads(WITH_CLAIM)).toEqual([2, 2]);
    expect(await reads(WITHOUT_CLAIM)).toEqual([1]);
    expect(await reads(callerAs('patient'))).toEqual([]);
    expect(await reads(callerAs(['patient', 'caregiver']))).toEqual([]);
    expect(await reads(callerAs('clinician', 'doctor', ['user-1']))).toEqual([2, 2]);
    // Both lists of one patient come in one batch.
    expect(await reads(callerAs(['clinician', 'caregiver'], 'doctor', ['user-1']))).toEqual([3, 3]);
    expect(await reads(callerAs('operator'))).toEqual([]);
  });
});

describe('the scopes of kinds', () => {
  it('belong to kinds that there are, and every kind that is open to caregivers has one', async () => {
    const { SCOPE_OF_KIND } = await import('../evidence/caregiver-scopes.ts');
    const kinds = kindsByName();
    expect(Object.keys(SCOPE_OF_KIND).filter((name) => !kinds.has(name))).toEqual([]);
    const open = [...kinds.values()].filter(({ submitRoles }) => submitRoles.includes('caregiver'));
    expect(open.map(({ name }) => SCOPE_OF_KIND[name]).includes(undefined)).toBe(false);
  });
});

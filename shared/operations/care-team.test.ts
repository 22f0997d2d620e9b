import { beforeEach, describe, expect, it } from 'vitest';
import { ImportBench } from '#test/builders/import-bench.ts';
import {
  CAREGIVER,
  CLINICIAN,
  PATIENT,
  problemOf,
  RecordsBench,
  SERVICE,
} from '#test/builders/records-bench.ts';
import { callerAs, createTestEngine, requestAt, submitted } from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import type { Caller } from '../evidence/caller.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { CareTeamWishes } from './bodies/care-team.ts';
import { getCareTeam } from './get-care-team.ts';
import { listJobs } from './list-jobs.ts';
import { listMedications } from './list-medications.ts';
import { putCareTeam } from './put-care-team.ts';

const NOW = '2027-03-01T13:20:00.000Z';
const CONSENT = '2027-02-01T09:00:00.000Z';
const GRANT = { member_id: 'd1', scope: ['see_supply' as const], consented_at: CONSENT };
const ADMIN = callerAs('admin', 'office');
/** Without a claim: what is stored decides alone. */
const DOCTOR: Caller = { ...CLINICIAN, careFor: [] };

let bench: RecordsBench;
beforeEach(() => {
  bench = new RecordsBench();
});

const put = (team: CareTeamWishes['care_team'], ifMatch?: readonly string[], caller = PATIENT) =>
  putCareTeam(bench, caller, { userId: 'p1', ifMatch }, { care_team: team }, bench.at(NOW));
const get = (caller = PATIENT) => getCareTeam(bench, caller, { userId: 'p1' }, bench.at(NOW));
const medications = (caller = DOCTOR, at = NOW) =>
  listMedications(bench, caller, { userId: 'p1' }, bench.at(at)).then(
    () => 'shown',
    ({ code }) => code,
  );

describe('a care team', () => {
  it('is empty until it is set, and shows what was consented to', async () => {
    expect(await get()).toEqual({ tag: '"0"', body: { user_id: 'p1', version: 0, care_team: [] } });
    const care_team = [{ ...GRANT, start: CONSENT }];
    expect(await put([GRANT])).toEqual({ tag: '"1"', body: { user_id: 'p1', version: 1, care_team } });
    expect((await get()).body).toEqual({ user_id: 'p1', version: 1, care_team });
  });

  it('is written and read by the patient, an admin and a service, and by nobody else', async () => {
    for (const caller of [PATIENT, ADMIN, SERVICE]) {
      const { tag } = await get(caller);
      await put([GRANT], [tag], caller);
    }
    for (const caller of [CAREGIVER, CLINICIAN, DOCTOR, callerAs('operator'), callerAs('auditor')]) {
      expect((await problemOf(get(caller))).code).toBe('forbidden');
      expect((await problemOf(put([GRANT], ['"3"'], caller))).code).toBe('forbidden');
    }
  });

  it('is in the audit trail in counts, reads included', async () => {
    await put([GRANT]);
    await put([{ ...GRANT, revoked_at: NOW }], ['"1"']);
    await get(ADMIN);
    expect(bench.trail()).toEqual([
      {
        action: 'care_team.changed',
        details: { version: 1, members: 1, revoked: 0, granted: 1, narrowed: 0, revoked_now: 0 },
      },
      {
        action: 'care_team.changed',
        details: { version: 2, members: 0, revoked: 1, granted: 0, narrowed: 0, revoked_now: 1 },
      },
      { action: 'care_team.read', details: { version: 2 } },
    ]);
  });

  it('is replaced only by who names the version that stands', async () => {
    await put([GRANT]);
    expect((await problemOf(put([GRANT]))).code).toBe('precondition_required');
    expect((await problemOf(put([GRANT], ['"0"']))).code).toBe('precondition_failed');
  });

  it('is not rewritten: grants are revoked, never left out, and a consent is needed', async () => {
    await put([GRANT]);
    const faults = async (team: CareTeamWishes['care_team']) =>
      (await problemOf(put(team, ['"1"']))).problems.map(({ pointer, code }) => `${pointer} ${code}`);
    expect(await faults([])).toEqual(['/care_team grant_missing']);
    const { consented_at: _gone, ...unconsented } = GRANT;
    expect(await faults([unconsented])).toEqual(['/care_team/0/consented_at consent_required']);
    expect(await faults([GRANT, GRANT])).toEqual(['/care_team/1 repeated_grant']);
    expect(await faults([{ ...GRANT, start: '2027-01-01T00:00:00Z' }])).toEqual([
      '/care_team/0/start before_consent',
      '/care_team/0 new_consent_required',
    ]);
    expect(await faults([{ ...GRANT, scope: ['see_supply', 'release_findings'] }])).toEqual([
      '/care_team/0 new_consent_required',
    ]);
  });
});

describe('what a care team lets its members do', () => {
  it('holds without a claim, by scope, from its start until its end', async () => {
    expect(await medications()).toBe('forbidden');
    const start = addSeconds(NOW, -60);
    const scope = ['see_supply' as const, 'see_reminders' as const];
    await put([{ ...GRANT, scope, start, end: addSeconds(NOW, 60) }]);
    expect(await medications()).toBe('shown');
    expect(await medications(DOCTOR, addSeconds(start, -1))).toBe('forbidden');
    expect(await medications(DOCTOR, addSeconds(NOW, 60))).toBe('forbidden');
    expect(await medications({ ...DOCTOR, subject: 'd2' })).toBe('forbidden');
    await put([{ ...GRANT, start, end: addSeconds(NOW, 60), scope: ['see_reminders'] }], ['"1"']);
    expect(await medications()).toBe('forbidden');
  });

  it('ends with a revocation at once, whatever a claim says', async () => {
    expect(await medications(CLINICIAN)).toBe('shown');
    await put([GRANT]);
    expect(await medications(CLINICIAN)).toBe('shown');
    await put([{ ...GRANT, revoked_at: NOW }], ['"1"']);
    expect(await medications(CLINICIAN)).toBe('forbidden');
    // Of those whom the patient has never given anything the claim decides as before.
    expect(await medications({ ...CLINICIAN, subject: 'd2' })).toBe('shown');
  });

  it('is for clinicians and pharmacists: in other roles the same person has it not', async () => {
    await put([GRANT]);
    expect(await medications({ ...DOCTOR, roles: ['pharmacist'] })).toBe('shown');
    expect(await medications({ ...DOCTOR, roles: ['caregiver'] })).toBe('forbidden');
  });

  it('shows in the list of jobs, and no more once it was revoked', async () => {
    const kind = testKind({ name: 'refill-check' });
    const engine = createTestEngine([kind]);
    const { jobId } = await submitted(engine, kind, { payload: { user_id: 'user-1' } });
    const doctor = callerAs('clinician', 'd1');
    const owner = callerAs('patient', 'user-1');
    const request = requestAt(engine);
    const set = (more: object, ifMatch?: readonly string[]) => {
      const care_team = [{ ...GRANT, consented_at: '2026-01-01T00:00:00Z', ...more }];
      return putCareTeam(engine, owner, { userId: 'user-1', ifMatch }, { care_team }, request);
    };
    const listed = async () => (await listJobs(engine, doctor, { limit: 25 }, request))['jobs'];
    expect(await listed()).toEqual([]);
    await set({});
    expect(await listed()).toMatchObject([{ job_id: jobId }]);
    await set({ revoked_at: '2026-02-01T00:00:00Z' }, ['"1"']);
    expect(await listed()).toEqual([]);
  });

  it('decides about each line of an import', async () => {
    const imports = new ImportBench();
    const { db, refs } = imports.engine;
    const grant = { caregiverId: 'd1', scopes: ['manage_medications'], consentedAt: CONSENT, start: CONSENT };
    const team = (userId: string, over: object) =>
      db.applyWrites([
        {
          type: 'careTeam',
          owner: refs.user(userId),
          id: '',
          expect: 'any',
          state: {},
          body: {
            userId,
            members: [
              {
                ...grant,
                consentedAt: '2020-01-01T00:00:00.000Z',
                start: '2020-01-01T00:00:00.000Z',
                ...over,
              },
            ],
          },
        },
      ]);
    team('a', {});
    team('b', { revokedAt: '2020-01-02T00:00:00.000Z' });
    const as = callerAs('clinician', 'd1', ['b', 'c']);
    const lines = ['a', 'b', 'c', 'd'].map((user) => ({
      user_id: user,
      medication_id: 'm',
      schedule: { frequency: 'QD', times: ['08:00'], time_zone: 'UTC' },
    }));
    const importId = await imports.submit(lines, { as });
    const { body } = db.payloads.get(importId) as { body: { lines: { fault?: { code: string } }[] } }; // as it was sealed
    expect(body.lines.map(({ fault }) => fault?.code ?? 'taken')).toEqual([
      'taken',
      'not_in_your_care',
      'taken',
      'not_in_your_care',
    ]);
  });
});

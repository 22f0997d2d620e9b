import { describe, expect, it } from 'vitest';
import { callerAs, createTestEngine, requestAt } from '#test/builders/test-engine.ts';
import { opened } from '#test/contracts/sample-grants.ts';
import { ROUTE_ACCESS } from '../evidence/access.ts';
import type { Caller } from '../evidence/caller.ts';
import { PURPOSES_OF_USE, type PurposeOfUse } from '../evidence/purpose-of-use.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { BreakGlassGrant } from './break-glass-ports.ts';
import { underGrant } from './emergency-access.ts';
import { listJobs } from './list-jobs.ts';
import { listMedications } from './list-medications.ts';
import { putMedication } from './put-medication.ts';

const HOLDER = callerAs('clinician', 'd1');

async function benchWith(over: Partial<BreakGlassGrant> = {}) {
  const engine = createTestEngine([]);
  const { refs, breakGlass } = engine;
  const grantedAt = engine.time.now();
  const grant = await opened(breakGlass, {
    userRef: refs.user('p1'),
    actorRef: refs.actor('d1'),
    grantedAt,
    ...over,
  });
  const at = (seconds: number, caller: Caller = HOLDER, userId = 'p1') =>
    underGrant(engine, ROUTE_ACCESS.listMedications, caller, {
      deed: { route: 'listMedications' },
      userRef: refs.user(userId),
      now: addSeconds(grantedAt, seconds),
    });
  const actors = () => [...engine.db.audit.values()].map(({ action, actor }) => ({ action, ...actor }));
  return { engine, grant, at, actors };
}

describe('emergency access', () => {
  it('ends to the millisecond', async () => {
    const { at, grant } = await benchWith();
    const letIn = { role: 'clinician', caller: { ...HOLDER, breakGlass: grant.grantId } };
    expect(await at(0)).toEqual(letIn);
    expect(await at(3_599.999)).toEqual(letIn);
    expect(await at(3_600)).toBeUndefined();
  });

  it('ends where it was ended', async () => {
    const { at } = await benchWith({ endedAt: addSeconds(createTestEngine([]).time.now(), 60) });
    expect(await at(59.999)).toBeDefined();
    expect(await at(60)).toBeUndefined();
  });

  it('is for its holder and its patient only', async () => {
    const { at } = await benchWith();
    expect(await at(1, callerAs('clinician', 'd2'))).toBeUndefined();
    expect(await at(1, HOLDER, 'p2')).toBeUndefined();
  });

  it('counts in the role in which it was opened, while the holder has that role', async () => {
    const { at } = await benchWith();
    expect(await at(1, callerAs('pharmacist', 'd1'))).toBeUndefined();
    expect(await at(1, callerAs(['pharmacist', 'clinician'], 'd1'))).toMatchObject({ role: 'clinician' });
  });

  it('counts for emergencies: with no purpose, or with that one', async () => {
    const { at } = await benchWith();
    const counts: string[] = [];
    for (const purpose of Object.keys(PURPOSES_OF_USE) as PurposeOfUse[]) // its own keys
      if (await at(1, { ...HOLDER, purpose })) counts.push(purpose);
    expect(counts).toEqual(['ETREAT']);
    expect(await at(1, HOLDER)).toBeDefined();
  });
});

describe('reads of the grants', () => {
  const target = { userId: 'p1' };

  it('none is made where the relationship holds, or where no grant could count', async () => {
    const { engine } = await benchWith();
    const { emergencyGrants } = engine;
    const request = requestAt(engine);
    await listMedications(engine, callerAs('clinician', 'd1', ['p1']), target, request);
    await listMedications(engine, callerAs('patient', 'p1'), target, request);
    await listJobs(engine, callerAs('clinician', 'd1', ['p1']), { limit: 5 }, request);
    await expect(listMedications(engine, callerAs('caregiver', 'c1'), target, request)).rejects.toThrow();
    await expect(listMedications(engine, callerAs('auditor', 'a1'), target, request)).rejects.toThrow();
    const wishes = { userId: 'p1', medicationId: 'm1', ifMatch: undefined };
    await expect(putMedication(engine, HOLDER, wishes, { name: 'aspirin' }, request)).rejects.toThrow(
      'None of your roles',
    );
    expect(emergencyGrants.reads).toBe(0);
    await listMedications(engine, HOLDER, target, request);
    expect(emergencyGrants.reads).toBe(1);
  });
});

describe('what is recorded', () => {
  it('names the grant, and the purpose as nobody’s word unless it was declared', async () => {
    const { engine, grant, actors } = await benchWith();
    const request = requestAt(engine);
    await listMedications(engine, HOLDER, { userId: 'p1' }, request);
    await listMedications(engine, { ...HOLDER, purpose: 'ETREAT' }, { userId: 'p1' }, request);
    expect(actors().slice(2)).toMatchObject([
      { breakGlass: grant.grantId, purpose: { code: 'ETREAT', declared: false } },
      { breakGlass: grant.grantId, purpose: { code: 'ETREAT', declared: true } },
    ]);
    await listMedications(engine, callerAs('clinician', 'd1', ['p1']), { userId: 'p1' }, request);
    expect(actors().at(-1)).not.toHaveProperty('breakGlass');
    expect(actors().at(-1)).toMatchObject({ purpose: { code: 'TREAT' } });
  });

  it('a list has an entry for each patient who is in it by a grant, with or without a job', async () => {
    const { engine, grant, actors } = await benchWith();
    const second = await opened(engine.breakGlass, {
      ...grant,
      grantId: 'G2',
      userRef: engine.refs.user('p2'),
    });
    const before = actors().length;
    await listJobs(engine, { ...HOLDER, purpose: 'ETREAT' }, { limit: 5 }, requestAt(engine));
    const made = [...engine.db.audit.values()].slice(before);
    expect(made).toMatchObject([
      { action: 'jobs.listed' },
      { actor: { breakGlass: grant.grantId }, subjectRef: grant.userRef },
      { actor: { breakGlass: 'G2' }, subjectRef: second.userRef },
    ]);
    expect(made[0]?.actor).not.toHaveProperty('breakGlass');
    expect(made[0]).not.toHaveProperty('subjectRef');
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { decideErasure } from '#shared/operations/decide-erasure.ts';
import { getErasure } from '#shared/operations/get-erasure.ts';
import { putCareTeam } from '#shared/operations/put-care-team.ts';
import { putMedication } from '#shared/operations/put-medication.ts';
import { putPreferences } from '#shared/operations/put-preferences.ts';
import { revokeErasure } from '#shared/operations/revoke-erasure.ts';
import { problemOf } from '#test/builders/records-bench.ts';
import { FIRST_ADMIN, PATIENT, RightsBench, SECOND_ADMIN, USER } from '#test/builders/rights-bench.ts';
import { callerAs, deliverAll, requestAt } from '#test/builders/test-engine.ts';
import { judged, SAMPLE_WORDS, sampleGrant } from '#test/contracts/sample-grants.ts';

let bench: RightsBench;
beforeEach(async () => {
  bench = new RightsBench();
  await bench.fill();
});

const now = () => requestAt(bench.engine);
const confirm = (caller: typeof FIRST_ADMIN, erasureId: unknown) =>
  decideErasure(
    bench.engine,
    caller,
    { userId: USER },
    { decision: 'confirm', erasure_id: String(erasureId) },
    now(),
  );
const revoke = (caller = SECOND_ADMIN) => revokeErasure(bench.engine, caller, { userId: USER }, now());
const status = async () => (await getErasure(bench.engine, FIRST_ADMIN, { userId: USER }, now()))['status'];
const hold = (reason: 'audit' | 'other' = 'audit') =>
  decideErasure(bench.engine, FIRST_ADMIN, { userId: USER }, { decision: 'hold', reason }, now());
const lift = () =>
  decideErasure(bench.engine, SECOND_ADMIN, { userId: USER }, { decision: 'lift_hold' }, now());

describe('asking for an erasure', () => {
  it('changes nothing yet, and asked again it is the same request: a read', async () => {
    const first = await bench.request();
    expect(first).toMatchObject({ status: 'requested', user_id: USER, legal_hold: null });
    expect(await bench.request()).toEqual(first);
    expect(bench.actions('erasure.')).toEqual(['erasure.requested', 'erasure.read']);
    expect(bench.engine.publisher.erasures).toEqual([]);
  });

  it('is void after seven days in which nobody confirmed it', async () => {
    const { erasure_id, confirm_by } = await bench.request();
    bench.days(7);
    expect(bench.engine.time.now()).toBe(confirm_by);
    expect(await status()).toBe('none');
    expect((await problemOf(confirm(SECOND_ADMIN, erasure_id))).code).toBe('state_conflict');
    expect((await bench.request())['erasure_id']).not.toBe(erasure_id);
  });

  it.each(['patient', 'caregiver', 'clinician', 'operator', 'auditor', 'service'] as const)(
    'is not for a %s',
    async (role) => {
      const caller = callerAs(role, role === 'patient' ? USER : 'other', [USER]);
      expect((await problemOf(revoke(caller))).code).toBe('forbidden');
      expect((await problemOf(confirm(caller, 'x'))).code).toBe('forbidden');
    },
  );
});

describe('confirming it', () => {
  it('takes another admin, and the very request', async () => {
    const { erasure_id } = await bench.request();
    expect((await problemOf(confirm(FIRST_ADMIN, erasure_id))).code).toBe('second_person_required');
    expect((await problemOf(confirm(SECOND_ADMIN, '01HZZZZZZZZZZZZZZZZZZZZZZZ'))).code).toBe(
      'state_conflict',
    );
    expect(await status()).toBe('requested');
    expect(await confirm(SECOND_ADMIN, erasure_id)).toMatchObject({
      status: 'scheduled',
      due_at: '2026-11-30T20:55:41.000Z',
    });
    expect((await problemOf(confirm(FIRST_ADMIN, erasure_id))).code).toBe('second_person_required');
  });

  it('tells subscribers, and once more when it is repeated because that had failed', async () => {
    const { erasure_id } = await bench.request();
    const { publishErasure } = bench.engine.publisher;
    bench.engine.publisher.publishErasure = async () => {
      throw new Error('The topic is away.');
    };
    await expect(confirm(SECOND_ADMIN, erasure_id)).rejects.toThrow('The topic is away.');
    bench.engine.publisher.publishErasure = publishErasure;
    expect(await confirm(SECOND_ADMIN, erasure_id)).toMatchObject({ status: 'scheduled' });
    expect(bench.engine.publisher.erasures).toEqual([
      {
        type: 'user.erasure_scheduled',
        event_id: `${erasure_id}_erasure_scheduled`,
        user_ref: bench.owner,
        user_id: USER,
        erasure_id,
        due_at: '2026-11-30T20:55:41.000Z',
        possible_duplicate: true,
      },
    ]);
    expect(bench.actions('erasure.scheduled')).toHaveLength(1);
  });

  it('stops reminders, and a revocation lets them leave again', async () => {
    await bench.schedule();
    const told = () => bench.engine.publisher.all.map(({ due_at }) => due_at);
    const tick = async (at: string) => {
      bench.engine.time.set(at);
      const { tickShard } = await import('#shared/operations/tick-shard.ts');
      for (let shard = 0; shard < bench.engine.dueBuckets.shards; shard += 1)
        await tickShard(bench.engine, shard);
      bench.engine.time.set(at.replace(':58:', ':00:').replace('T07', 'T08').replace('T19', 'T20'));
      await deliverAll(bench.engine);
    };
    await tick('2026-11-24T07:58:00.000Z');
    expect(told()).toEqual([]);
    const held = [...bench.engine.db.records.values()].filter(({ type }) => type === 'occurrence');
    expect(held.map(({ state }) => state)).toMatchObject([{ status: 'not_sent', reason: 'erasure_pending' }]);
    await revoke();
    await tick('2026-11-24T19:58:00.000Z');
    expect(told()).toEqual(['2026-11-24T20:00:00.000Z']);
  });
});

it.each([
  { decision: 'confirm' },
  { decision: 'confirm', erasure_id: '01HZZZZZZZZZZZZZZZZZZZZZZZ', reason: 'audit' },
  { decision: 'hold' },
  { decision: 'hold', reason: 'audit', erasure_id: '01HZZZZZZZZZZZZZZZZZZZZZZZ' },
  { decision: 'lift_hold', reason: 'audit' },
] as const)('a decision %j with other members than it takes is refused', async (body) => {
  const decided = async () => decideErasure(bench.engine, SECOND_ADMIN, { userId: USER }, body, now());
  expect((await problemOf(decided())).code).toBe('invalid_input');
});

describe('revoking it', () => {
  it('is for any admin alone, also for the one who asked, as long as it has not begun', async () => {
    await bench.schedule();
    expect(await revoke(FIRST_ADMIN)).toEqual({ user_id: USER, status: 'none', legal_hold: null });
    expect(bench.engine.publisher.erasures.map(({ type }) => type)).toEqual([
      'user.erasure_scheduled',
      'user.erasure_revoked',
    ]);
    bench.days(8);
    await bench.erase();
    expect(bench.standing()).toMatchObject({ secret: 'open', waits: 0 });
    expect((await problemOf(revoke())).code).toBe('state_conflict');
  });

  it('tells nobody of a request that was never confirmed', async () => {
    await bench.request();
    await revoke();
    expect(bench.engine.publisher.erasures).toEqual([]);
  });

  it('leaves what is confirmed anew to its own time', async () => {
    await bench.schedule();
    await revoke();
    bench.days(3);
    await bench.schedule();
    bench.days(4);
    await bench.erase();
    expect(bench.standing()).toMatchObject({ secret: 'open', waits: 1 });
    bench.days(3);
    await bench.erase();
    expect(bench.standing().secret).toBe('destroyed');
  });

  it('is too late once it has begun, and so is a hold', async () => {
    await bench.schedule();
    bench.days(7);
    const { eraseDue } = await import('#shared/operations/erase-due.ts');
    await eraseDue(bench.engine);
    for (const late of [revoke(), hold(), bench.request()])
      expect((await problemOf(late)).code).toBe('user_erased');
  });
});

describe('a legal hold', () => {
  it('refuses a request and a confirmation with its reason, until it is lifted', async () => {
    expect(await hold()).toMatchObject({ status: 'none', legal_hold: { reason: 'audit' } });
    expect((await problemOf(bench.request())).code).toBe('legal_hold');
    expect(await lift()).toMatchObject({ legal_hold: null });
    const { erasure_id } = await bench.request();
    await hold('other');
    expect((await problemOf(confirm(SECOND_ADMIN, erasure_id))).code).toBe('legal_hold');
    expect(bench.actions('legal_hold.')).toEqual([
      'legal_hold.placed',
      'legal_hold.lifted',
      'legal_hold.placed',
    ]);
  });

  it('placed alike changes nothing; lifted where there is none it is a conflict', async () => {
    const first = await hold();
    bench.days(1);
    expect(await hold()).toEqual(first);
    expect(bench.actions('legal_hold.')).toEqual(['legal_hold.placed']);
    await lift();
    expect((await problemOf(lift())).code).toBe('state_conflict');
  });
});

describe('the time for which a deployer keeps records', () => {
  const state = (what: 'medication' | 'preferences' | 'care team') => {
    const { engine } = bench;
    const patient = callerAs('patient', USER);
    if (what === 'preferences') return putPreferences(engine, patient, { userId: USER }, {}, now());
    if (what === 'care team') return putCareTeam(engine, patient, { userId: USER }, { care_team: [] }, now());
    const target = { userId: USER, medicationId: 'm9' };
    return putMedication(engine, patient, target, { name: 'aspirin' }, now());
  };
  const keep = (years: number) => Object.assign(bench.engine.settings, { recordRetentionYears: years });

  it('counts from the last thing that was recorded, and the answer says until when', async () => {
    keep(2);
    const refused = await problemOf(bench.request());
    expect(refused).toMatchObject({ code: 'retention_period' });
    expect(refused.message).toContain('2028-11-23T20:55:41.000Z');
    bench.engine.time.set('2028-11-23T20:55:41.000Z');
    expect(await bench.request()).toMatchObject({ status: 'requested' });
  });

  it('holds a confirmation and the erasure itself back, when something was recorded meanwhile', async () => {
    keep(1);
    bench.engine.time.set('2027-11-24T00:00:00.000Z');
    await bench.schedule();
    await bench.ran('interaction-check', { user_id: USER, medications: ['aspirin', 'warfarin'] });
    bench.days(7);
    await bench.erase();
    expect(bench.standing().secret).toBe('open');
    expect(bench.actions('erasure.refused')).toHaveLength(1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a medication', () => state('medication')],
    ['preferences', () => state('preferences')],
    ['a care team', () => state('care team')],
  ])('counts from %s that was only stated', async (_, stated) => {
    keep(2);
    bench.engine.time.set('2028-05-01T00:00:00.000Z');
    await stated();
    bench.engine.time.set('2029-01-01T00:00:00.000Z');
    expect((await problemOf(bench.request())).message).toContain('2030-05-01T00:00:00.000Z');
  });

  it('counts a consent until it was ended, and what is still to come hides nothing', async () => {
    keep(2);
    const terms = { consented_at: '2028-01-05T00:00:00.000Z', end: '2028-11-24T00:00:00.000Z' };
    const caregivers = [{ caregiver_id: 'daughter', scope: ['see_supply' as const], ...terms }];
    bench.engine.time.set('2028-01-06T00:00:00.000Z');
    const patient = callerAs('patient', USER);
    await putPreferences(bench.engine, patient, { userId: USER }, { caregivers }, now());
    bench.engine.time.set('2028-11-01T00:00:00.000Z');
    expect((await problemOf(bench.request())).message).toContain('2030-01-06T00:00:00.000Z');
    bench.engine.time.set('2028-12-01T00:00:00.000Z');
    expect((await problemOf(bench.request())).message).toContain('2030-11-24T00:00:00.000Z');
  });

  it('counts from emergency access and its review, too', async () => {
    keep(2);
    bench.engine.time.set('2028-05-01T00:00:00.000Z');
    const grant = sampleGrant({ userRef: bench.owner, grantedAt: '2028-05-01T00:00:00.000Z' });
    bench.engine.db.breakGlass.set(grant.grantId, { grant, words: SAMPLE_WORDS });
    bench.engine.time.set('2029-01-01T00:00:00.000Z');
    expect((await problemOf(bench.request())).message).toContain('2030-05-01T00:00:00.000Z');
    const reviewed = judged(grant, '2028-06-02T00:00:00.000Z');
    bench.engine.db.breakGlass.set(grant.grantId, { grant: reviewed, words: SAMPLE_WORDS });
    expect((await problemOf(bench.request())).message).toContain('2030-06-02T00:00:00.000Z');
  });

  it('is not taken to be over where what would tell cannot be read, and the answer says where to look', async () => {
    keep(2);
    bench.engine.time.set('2029-01-01T00:00:00.000Z');
    const [key = ''] = [...bench.engine.db.records.keys()].filter((one) => one.includes('/schedule#'));
    const grant = sampleGrant({ userRef: bench.owner, grantedAt: '2026-05-01T00:00:00.000Z' });
    bench.engine.db.breakGlass.set(grant.grantId, { grant, words: SAMPLE_WORDS });
    bench.engine.db.damaged.add(key).add(grant.grantId);
    const refused = await problemOf(bench.request());
    expect(refused.code).toBe('records_unreadable');
    expect(refused.message).toMatch(/^2 records .* runbook, "Records of a user cannot be read"\.$/);
    // What can be read and has to be kept says so by itself.
    await state('medication');
    expect((await problemOf(bench.request())).code).toBe('retention_period');
    // Nobody has to keep anything: nothing is read.
    keep(0);
    expect(await bench.request()).toMatchObject({ status: 'requested' });
  });

  it('holds the erasure itself back when a job cannot be read by then', async () => {
    bench.engine.time.set('2027-11-24T00:00:00.000Z');
    await bench.schedule();
    const row = await bench.ran('interaction-check', { user_id: USER, medications: ['aspirin'] });
    bench.engine.db.damaged.add(row.jobId);
    keep(1);
    bench.days(7);
    await bench.erase();
    expect(bench.standing().secret).toBe('open');
    const [entry] = [...bench.engine.db.audit.values()].filter(({ action }) => action === 'erasure.refused');
    expect(entry).toMatchObject({ details: { reason: 'records_unreadable', unreadable: 1 } });
  });

  it('does not bind of whom nothing is known', async () => {
    keep(10);
    expect(await bench.request('nobody')).toMatchObject({ status: 'requested' });
  });
});

it('is shown to admins and auditors only, and each look is recorded', async () => {
  await bench.request();
  expect((await problemOf(getErasure(bench.engine, PATIENT, { userId: USER }, now()))).code).toBe(
    'forbidden',
  );
  const view = await getErasure(bench.engine, callerAs('auditor', 'au'), { userId: USER }, now());
  expect(view).toMatchObject({ status: 'requested' });
  expect(JSON.stringify(view)).not.toContain(bench.engine.refs.actor('admin-1'));
  expect(bench.actions('erasure.read')).toHaveLength(1);
});

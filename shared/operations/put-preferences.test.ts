import { beforeEach, describe, expect, it } from 'vitest';
import {
  CAREGIVER,
  CLINICIAN,
  PATIENT,
  problemOf,
  RecordsBench,
  SERVICE,
} from '#test/builders/records-bench.ts';
import type { PreferencesBody } from './bodies/preferences.ts';
import { getPreferences } from './get-preferences.ts';
import { putPreferences } from './put-preferences.ts';

const NOW = '2027-03-01T13:20:00.000Z';
const CONSENT = '2027-02-01T09:00:00.000Z';
const GRANT = { caregiver_id: 'c1', scope: ['receive_escalations' as const], consented_at: CONSENT };
const FULL: PreferencesBody = {
  time_zone: 'europe/berlin',
  current_time_zone: 'Asia/Tokyo',
  follow: 'current',
  meal_times: { breakfast: '07:30', dinner: '19:00' },
  quiet_hours: { from: '22:00', to: '07:00' },
  channels: ['push', 'sms'],
  message_names_medication: true,
  caregivers: [GRANT],
};

let bench: RecordsBench;
beforeEach(() => {
  bench = new RecordsBench();
});

const put = (body: PreferencesBody, ifMatch?: readonly string[], caller = PATIENT) =>
  putPreferences(bench, caller, { userId: 'p1', ifMatch }, body, bench.at(NOW));
const get = (caller = PATIENT) => getPreferences(bench, caller, { userId: 'p1' }, bench.at(NOW));
/** Problems as pointer and code. */
const faults = async (body: PreferencesBody, ifMatch?: readonly string[]) => {
  const { code, problems } = await problemOf(put(body, ifMatch));
  expect(code).toBe('invalid_input');
  return problems.map((problem) => [problem.pointer, problem.code]);
};

describe('preferences', () => {
  it('have defaults for a user of whom nothing stands', async () => {
    expect(await get()).toEqual({
      tag: '"0"',
      body: {
        user_id: 'p1',
        version: 0,
        time_zone: null,
        time_zone_source: null,
        current_time_zone: null,
        follow: 'home',
        followed_time_zone: null,
        meal_times: {},
        quiet_hours: null,
        channels: [],
        message_names_medication: false,
        caregivers: [],
      },
    });
  });

  it('are shown as they were put, zones in their canonical spelling', async () => {
    const answer = await put(FULL);
    expect(answer).toMatchObject({
      tag: '"1"',
      body: {
        ...FULL,
        time_zone: 'Europe/Berlin',
        followed_time_zone: 'Asia/Tokyo',
        caregivers: [{ ...GRANT, start: CONSENT }],
      },
    });
    expect(await get()).toEqual(answer);
    const user = await bench.read('user', '');
    expect([user?.body.timeZone, user?.state]).toEqual(['Europe/Berlin', {}]);
  });

  describe('of a user whose first reminder named a zone', () => {
    const first = { userId: 'p1', timeZone: 'America/New_York' };
    const quiet: PreferencesBody = { quiet_hours: { from: '22:00', to: '07:00' } };
    const zone = async () => {
      const { body } = await get();
      return [body['time_zone'], body['time_zone_source'], body['followed_time_zone']];
    };

    it.each([
      ['marked as that', { ...first, timeZoneSource: 'first_request' as const }],
      ['before that was kept', first],
    ])('say where it comes from and keep it until one is set: %s', async (_, body) => {
      bench.write<'user'>({ type: 'user', id: '', state: {}, body });
      expect(await zone()).toEqual(['America/New_York', 'first_request', 'America/New_York']);
      const { tag } = await put(quiet);
      expect(await zone()).toEqual(['America/New_York', 'first_request', 'America/New_York']);
      // The same once more, now with a version: a zone that nobody has set cannot be left out.
      await put(quiet, [tag]);
      expect(await zone()).toEqual(['America/New_York', 'first_request', 'America/New_York']);
      // It stays where it is, so no schedule has to follow.
      expect([...bench.db.rows.values()]).toEqual([]);
    });

    it('give way to the one that is set, which is gone when it is left out', async () => {
      bench.write<'user'>({ type: 'user', id: '', state: {}, body: first });
      await put({ time_zone: 'America/New_York' });
      expect(await zone()).toEqual(['America/New_York', 'preferences', 'America/New_York']);
      await put(quiet, ['"2"']);
      expect(await zone()).toEqual([null, null, null]);
    });

    it('show a zone that was set before its source was kept as set', async () => {
      const preferences = {
        follow: 'home',
        channels: [],
        messageNamesMedication: false,
        caregivers: [],
      } as const;
      bench.write<'user'>({ type: 'user', id: '', state: {}, body: { ...first, preferences } });
      expect((await get()).body).toMatchObject({ time_zone_source: 'preferences' });
    });
  });

  it('are replaced as a whole', async () => {
    await put({ ...FULL, caregivers: [] });
    const { body } = await put({ time_zone: 'Europe/Paris' }, ['"1"']);
    expect(body).toMatchObject({
      time_zone: 'Europe/Paris',
      follow: 'home',
      quiet_hours: null,
      channels: [],
      message_names_medication: false,
    });
  });

  it('leave an audit entry of every change and of every read, without what they say', async () => {
    await put(FULL);
    await get(CLINICIAN);
    expect(bench.trail()).toMatchObject([
      {
        action: 'preferences.changed',
        details: { version: 1, caregivers_changed: true, granted: 1, caregivers: 1 },
      },
      { action: 'preferences.read', details: { version: 1 } },
    ]);
    expect(JSON.stringify(bench.trail())).not.toMatch(/Berlin|Tokyo|c1"/);
  });

  it('are not read when the audit entry cannot be written', async () => {
    const away = { ...bench, audit: { ...bench.audit, put: () => Promise.reject(new Error('away')) } };
    await expect(getPreferences(away, PATIENT, { userId: 'p1' }, bench.at(NOW))).rejects.toMatchObject({
      code: 'read_not_recorded',
    });
  });

  it.each<[PreferencesBody, string, string]>([
    [{ time_zone: 'EST' }, '/time_zone', 'unknown_time_zone'],
    [{ current_time_zone: '+05:00' }, '/current_time_zone', 'unknown_time_zone'],
    [{ follow: 'current' }, '/current_time_zone', 'required'],
    [{ quiet_hours: { from: '22:00', to: '22:00' } }, '/quiet_hours/to', 'empty_range'],
    [{ meal_times: { breakfast: '12:00', lunch: '11:00' } }, '/meal_times/lunch', 'wrong_order'],
  ])('%j are refused at %s: %s', async (body, pointer, code) => {
    expect(await faults(body)).toEqual([[pointer, code]]);
    expect(bench.trail()).toEqual([]);
  });
});

describe('lost updates', () => {
  it('cannot happen: whoever changes what was set names the version, and only the present one is taken', async () => {
    await put(FULL);
    expect((await problemOf(put(FULL))).code).toBe('precondition_required');
    expect((await problemOf(put(FULL, ['"0"']))).code).toBe('precondition_failed');
    expect((await put(FULL, ['"7"', '"1"'])).tag).toBe('"2"');
    expect((await problemOf(put(FULL, ['"1"']))).code).toBe('precondition_failed');
    expect((await put(FULL, ['*'])).tag).toBe('"3"');
  });

  it('of a record that another job made does not need a version yet', async () => {
    bench.write<'user'>({ type: 'user', id: '', state: {}, body: { userId: 'p1', timeZone: 'UTC' } });
    expect((await get()).tag).toBe('"1"');
    expect((await put(FULL)).tag).toBe('"2"');
  });

  it('in a race are told to the loser who named the version', async () => {
    await put(FULL);
    const { schedules } = bench;
    const racing = { ...bench, schedules: { ...schedules, commit: async () => 'conflict' as const } };
    const late = putPreferences(racing, PATIENT, { userId: 'p1', ifMatch: ['"1"'] }, FULL, bench.at(NOW));
    expect((await problemOf(late)).code).toBe('precondition_failed');
  });

  it('with * need something that stands', async () => {
    expect((await problemOf(put(FULL, ['*']))).code).toBe('precondition_failed');
  });
});

describe('caregivers', () => {
  const withGrants = (...caregivers: NonNullable<PreferencesBody['caregivers']>): PreferencesBody => ({
    caregivers,
  });
  const REVOKED = { ...GRANT, revoked_at: '2027-02-20T09:00:00.000Z' };

  it.each<[string, NonNullable<PreferencesBody['caregivers']>[number], string, string]>([
    [
      'no scope without consent',
      { caregiver_id: 'c1', scope: ['see_supply'] },
      'consented_at',
      'consent_required',
    ],
    [
      'no consent ahead of time',
      { ...GRANT, consented_at: '2027-03-02T00:00:00.000Z' },
      'consented_at',
      'in_future',
    ],
    ['an end before the start', { ...GRANT, end: CONSENT }, 'end', 'not_after_start'],
    [
      'a start before the consent',
      { ...GRANT, start: '2027-01-01T00:00:00.000Z' },
      'start',
      'before_consent',
    ],
    [
      'a revocation before the consent',
      { ...GRANT, revoked_at: '2027-01-01T00:00:00Z' },
      'revoked_at',
      'before_consent',
    ],
    [
      'a revocation ahead of time',
      { ...GRANT, revoked_at: '2027-03-09T00:00:00Z' },
      'revoked_at',
      'in_future',
    ],
  ])('%s', async (_, grant, member, code) => {
    expect(await faults(withGrants(grant))).toEqual([[`/caregivers/0/${member}`, code]]);
  });

  it('have one grant each that is not revoked', async () => {
    const second = { ...GRANT, consented_at: '2027-02-02T09:00:00.000Z' };
    expect(await faults(withGrants(GRANT, second))).toEqual([['/caregivers/1', 'repeated_grant']]);
    expect(await faults(withGrants(GRANT, GRANT))).toEqual([['/caregivers/1', 'repeated_grant']]);
    expect((await put(withGrants(REVOKED, second))).tag).toBe('"1"');
  });

  it('are revoked, never taken out', async () => {
    await put(withGrants(GRANT));
    expect(await faults(withGrants(), ['"1"'])).toEqual([['/caregivers', 'grant_missing']]);
    expect((await put(withGrants(REVOKED), ['"1"'])).body).toMatchObject({ caregivers: [REVOKED] });
  });

  it.each<[string, Partial<typeof REVOKED>]>([
    ['moved', { revoked_at: '2027-02-21T09:00:00.000Z' }],
    ['widened', { scope: ['receive_escalations', 'see_supply'] as never }],
  ])('whose grant was revoked cannot have it %s', async (_, change) => {
    await put(withGrants(REVOKED));
    const expected = [['/caregivers/0', 'revocation_is_final']];
    expect(await faults(withGrants({ ...REVOKED, ...change }), ['"1"'])).toEqual(expected);
    expect(await faults(withGrants(GRANT), ['"1"'])).toEqual(expected);
  });

  const DAY_AGO = '2027-02-28T09:00:00.000Z';
  const LATER = '2027-04-01T00:00:00.000Z';
  type Grant = NonNullable<PreferencesBody['caregivers']>[number];
  it.each<[string, Partial<Grant>, Partial<Grant>]>([
    ['a scope more', {}, { scope: ['see_supply', 'see_reminders'] }],
    ['another scope', {}, { scope: ['see_reminders'] }],
    ['a later end', { end: LATER }, { end: '2027-05-01T00:00:00.000Z' }],
    ['no end any more', { end: LATER }, {}],
    ['an end before now', {}, { end: DAY_AGO }],
    ['a new life after its end', { end: DAY_AGO }, { end: LATER }],
    ['none of its end any more', { end: DAY_AGO }, {}],
    ['an earlier start', { start: LATER }, { start: '2027-03-20T00:00:00.000Z' }],
    ['another start once it has begun', {}, { start: DAY_AGO }],
  ])('need a new consent for %s', async (_, before, after) => {
    await put(withGrants({ ...GRANT, scope: ['see_supply'], ...before }));
    const wider = withGrants({ ...GRANT, scope: ['see_supply'], ...after });
    expect(await faults(wider, ['"1"'])).toEqual([['/caregivers/0', 'new_consent_required']]);
    const anew = { ...GRANT, consented_at: DAY_AGO, scope: ['see_supply', 'see_reminders'] };
    const revoked = { ...GRANT, scope: ['see_supply'], ...before, revoked_at: DAY_AGO };
    const given = withGrants(revoked as Grant, anew as Grant);
    expect((await put(given, ['"1"'])).body['caregivers']).toHaveLength(2);
    expect(bench.trail().at(-1)?.details).toMatchObject({ granted: 1, revoked: 1, narrowed: 0 });
  });

  it('may be narrowed by the same consent', async () => {
    await put(withGrants({ ...GRANT, scope: ['see_supply', 'see_reminders'] }));
    const narrower = { ...GRANT, scope: ['see_reminders' as const], end: LATER };
    expect((await put(withGrants(narrower), ['"1"'])).body).toMatchObject({ caregivers: [narrower] });
    expect(bench.trail().at(-1)?.details).toMatchObject({ narrowed: 1 });
  });

  it('may get a new grant after a revocation, by a new consent', async () => {
    await put(withGrants(REVOKED));
    const anew = { ...GRANT, consented_at: '2027-02-25T09:00:00.000Z' };
    expect((await put(withGrants(REVOKED, anew), ['"1"'])).body['caregivers']).toHaveLength(2);
  });

  it('are the patient’s to choose: nobody else grants themselves anything, all else they may change', async () => {
    const scope = ['manage_preferences' as const];
    const given = withGrants({ ...GRANT, scope });
    const taken = withGrants({ ...REVOKED, scope });
    for (const caller of [CAREGIVER, CLINICIAN])
      expect((await problemOf(put(given, undefined, caller))).code).toBe('forbidden');
    expect((await put(given, undefined, SERVICE)).tag).toBe('"1"');
    const quiet = { ...given, quiet_hours: { from: '21:00', to: '06:00' } };
    expect((await put(quiet, ['"1"'], CAREGIVER)).body).toMatchObject({ quiet_hours: quiet.quiet_hours });
    expect((await problemOf(put(taken, ['"2"'], CAREGIVER))).code).toBe('forbidden');
  });
});

it('are not shown to strangers, nor changed by them', async () => {
  const stranger = { ...CAREGIVER, careFor: ['p2'] };
  expect((await problemOf(get(stranger))).code).toBe('forbidden');
  expect((await problemOf(put(FULL, undefined, stranger))).code).toBe('forbidden');
  expect(bench.db.records.size).toBe(0);
});

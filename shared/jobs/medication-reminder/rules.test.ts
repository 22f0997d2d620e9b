import { describe, expect, it } from 'vitest';
import type { Facts } from '../define-job-kind.ts';
import type { StoredRecord } from '../ports.ts';
import { example } from './example.ts';
import { factKeys, rules } from './rules.ts';
import type { MedicationReminder } from './schema.ts';

const NOW = '2026-03-07T15:00:00.000Z';
const withSchedule = (schedule: MedicationReminder['schedule']): MedicationReminder => ({
  ...example,
  schedule,
});
const user = (timeZone?: string): StoredRecord<'user'> => ({
  type: 'user',
  id: '',
  version: 1,
  state: {},
  body: { userId: 'patient-demo', ...(timeZone !== undefined && { timeZone }) },
});
const QD = { frequency: 'QD', times: ['08:00'] };

describe('what is accepted', () => {
  it('is complete and canonical, with the source of the zone', () => {
    const ruling = rules(withSchedule({ ...QD, frequency: 'once daily', time_zone: 'europe/berlin' }), {
      now: NOW,
      records: [],
    });
    expect(ruling).toEqual({
      ok: true,
      payload: {
        ...example,
        schedule: {
          ...QD,
          time_zone: 'Europe/Berlin',
          start_date: '2026-03-07',
          time_zone_source: 'request',
          start_date_source: 'default',
          times_source: 'request',
          high_alert: 'not_checked',
        },
      },
      notes: { time_zone_source: 'request', high_alert: 'not_checked' },
    });
  });

  it('does not call a start date that was sent the service’s own', () => {
    const named = rules(withSchedule({ ...QD, time_zone: 'UTC', start_date: '2026-03-07' }), {
      now: NOW,
      records: [],
    });
    expect(named.ok && named.payload.schedule).not.toHaveProperty('start_date_source');
  });

  it.each([
    ['user', user('Asia/Tokyo'), 'Asia/Tokyo'],
    ['default', user(), 'Europe/Paris'],
    ['default', undefined, 'Europe/Paris'],
  ])('takes the zone of the %s', (source, record, zone) => {
    const facts = { now: NOW, records: [record], defaultTimeZone: 'Europe/Paris' };
    expect(rules(withSchedule(QD), facts)).toMatchObject({
      payload: { schedule: { time_zone: zone, time_zone_source: source } },
    });
  });
});

describe('what is refused', () => {
  it('a schedule whose zone nobody knows: the answer asks for it', () => {
    expect(rules(withSchedule(QD), { now: NOW, records: [undefined] })).toMatchObject({
      ok: false,
      problems: [{ pointer: '/schedule/time_zone', code: 'time_zone_required' }],
    });
  });

  it('a contradiction, with its pointer', () => {
    const schedule = { frequency: 'TID', times: ['08:00', '20:00'], time_zone: 'UTC' };
    expect(rules(withSchedule(schedule), { now: NOW, records: [] })).toMatchObject({
      ok: false,
      problems: [{ pointer: '/schedule/times', code: 'times_do_not_match_frequency' }],
    });
  });

  it.each([
    { time_zone_source: 'user' },
    { start_date_source: 'default' },
    { times_source: 'default' },
    { high_alert: 'overridden' },
  ] as const)('a member that only the service sets: %o', (member) => {
    const [name] = Object.keys(member);
    expect(rules(withSchedule({ ...QD, ...member }), { now: NOW, records: [] })).toMatchObject({
      ok: false,
      problems: [{ pointer: `/schedule/${name}`, code: 'read_only' }],
    });
  });
});

describe('a high-alert medication', () => {
  const daily = { ...QD, time_zone: 'UTC', medication_name: 'methotrexate 2.5 mg tablet' };
  const override_reason = 'Maintenance in acute leukaemia, agreed with oncology.';
  const ask = (schedule: MedicationReminder['schedule'], facts: Partial<Facts> = {}) =>
    rules(withSchedule(schedule), { now: NOW, records: [], ...facts });

  it('is refused more often than it may be used, without naming it', () => {
    const ruling = ask(daily, { role: 'clinician' });
    expect(ruling).toMatchObject({
      ok: false,
      problems: [{ pointer: '/schedule/frequency', code: 'high_alert_frequency' }],
    });
    expect(JSON.stringify(ruling)).not.toMatch(/methotrexate/i);
    expect(JSON.stringify(ruling)).toContain('at most once in 7 days');
  });

  it.each(['clinician', 'pharmacist'] as const)(
    'is taken on by a %s with a reason, and that is noted',
    (role) => {
      expect(ask({ ...daily, override_reason }, { role })).toMatchObject({
        ok: true,
        payload: { schedule: { override_reason, high_alert: 'overridden' } },
        notes: { high_alert: 'overridden' },
      });
    },
  );

  it.each(['patient', 'caregiver', 'service', undefined] as const)('is not taken on by %s', (role) => {
    expect(ask({ ...daily, override_reason }, role && { role })).toMatchObject({
      ok: false,
      problems: [
        { pointer: '/schedule/frequency', code: 'high_alert_frequency' },
        { pointer: '/schedule/override_reason', code: 'override_not_allowed' },
      ],
    });
  });

  it('is accepted as often as it may be used; a reason that is not needed is not kept', () => {
    const ruling = ask({ ...daily, frequency: 'weekly', override_reason }, { role: 'pharmacist' });
    expect(ruling).toMatchObject({ ok: true, payload: { schedule: { high_alert: 'passed' } } });
    expect(JSON.stringify(ruling)).not.toContain('override_reason');
  });

  it.each([{ name: 'methotrexate' }, { rxcui: '6851' }])(
    'is known by the stored medication, too: %o',
    (known) => {
      const medication: StoredRecord<'medication'> = {
        type: 'medication',
        id: 'm',
        version: 1,
        state: { status: 'active' },
        body: { userId: 'patient-demo', medicationId: example.medication_id, ...known },
      };
      const unnamed = ask({ ...QD, time_zone: 'UTC' }, { records: [undefined, medication] });
      const renamed = ask({ ...daily, medication_name: 'folic acid' }, { records: [undefined, medication] });
      expect([unnamed, renamed]).toMatchObject([
        { ok: false, problems: [{ code: 'high_alert_frequency' }] },
        { ok: false, problems: [{ code: 'high_alert_frequency' }] },
      ]);
    },
  );

  it('is refused as needed', () => {
    expect(ask({ ...daily, frequency: 'PRN', times: [] })).toMatchObject({
      problems: [{ code: 'high_alert_frequency' }],
    });
  });
});

describe('what the user has stored', () => {
  const travelling = (follow: 'home' | 'current'): StoredRecord<'user'> => {
    const stored = user('America/New_York');
    const preferences = {
      follow,
      currentTimeZone: 'Asia/Tokyo',
      mealTimes: { breakfast: '07:00', lunch: '12:30', dinner: '19:00' },
      channels: [],
      messageNamesMedication: false,
      caregivers: [],
    };
    return { ...stored, body: { ...stored.body, preferences } };
  };

  it.each([
    ['home', 'America/New_York'],
    ['current', 'Asia/Tokyo'],
  ] as const)('schedules follow the %s zone', (follow, zone) => {
    expect(rules(withSchedule(QD), { now: NOW, records: [travelling(follow)] })).toMatchObject({
      payload: { schedule: { time_zone: zone, time_zone_source: 'user' } },
    });
  });

  it('meal times are those of doses at meals', () => {
    const ruling = rules(withSchedule({ frequency: 'before meals' }), {
      now: NOW,
      records: [travelling('home')],
    });
    expect(ruling).toMatchObject({
      payload: {
        schedule: { frequency: 'AC', times: ['06:30', '12:00', '18:30'], times_source: 'meal_times' },
      },
    });
  });

  it('the deployment’s default times are taken before the built-in ones', () => {
    const facts = { now: NOW, records: [], defaultTimes: { QD: ['09:30'] } };
    expect(rules(withSchedule({ frequency: 'daily', time_zone: 'UTC' }), facts)).toMatchObject({
      payload: { schedule: { times: ['09:30'], times_source: 'default' } },
    });
  });
});

it('asks for the rows of the user and of the medication', () => {
  const refs = {
    user: (id: string) => `u:${id}`,
    medication: (id: string, medication: string) => `m:${id}:${medication}`,
  };
  expect(factKeys(example, refs)).toEqual([
    { type: 'user', owner: 'u:patient-demo', id: '' },
    { type: 'medication', owner: 'u:patient-demo', id: 'm:patient-demo:med-lisinopril-10mg' },
  ]);
});

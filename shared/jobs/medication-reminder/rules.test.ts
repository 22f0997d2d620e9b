import { describe, expect, it } from 'vitest';
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
        },
      },
      notes: { time_zone: 'Europe/Berlin', time_zone_source: 'request' },
    });
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

  it('a member that only the service sets', () => {
    const schedule = { ...QD, time_zone_source: 'user' as const };
    expect(rules(withSchedule(schedule), { now: NOW, records: [] })).toMatchObject({
      ok: false,
      problems: [{ pointer: '/schedule/time_zone_source', code: 'read_only' }],
    });
  });
});

it('asks for the user’s own row', () => {
  const refs = { user: (id: string) => `u:${id}`, medication: () => 'm' };
  expect(factKeys(example, refs)).toEqual([{ type: 'user', owner: 'u:patient-demo', id: '' }]);
});

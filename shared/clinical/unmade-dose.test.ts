import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceSchedule, type RemindedSchedule } from './advance-schedule.ts';
import { unmadeDose } from './unmade-dose.ts';

const qid: RemindedSchedule = {
  frequency: 'QID',
  times: ['06:00', '12:00', '18:00', '23:00'],
  timeZone: 'America/New_York',
  startDate: '2027-01-01',
};
/** 12:00 in New York; no tick came for 30 hours. */
const BACKLOG = { schedule: qid, medicationRef: 'm1', nextDueAt: '2027-01-12T17:00:00.000Z' };
const NOW = '2027-01-13T23:00:00.000Z';
const find = (id: string, more: Partial<Parameters<typeof unmadeDose>[1]> = {}) =>
  unmadeDose(id, { ...BACKLOG, now: NOW, ...more });

describe('a dose without a record', () => {
  it.each([
    ['2027-01-12_1200_m1', true],
    ['2027-01-12_2300_m1', true],
    ['2027-01-13_0600_m1', true],
    ['2027-01-13_1800_m1', false],
  ])('that is due is found wherever it stands in the backlog: %s, too late: %s', (id, isTooLate) => {
    expect(find(id)).toMatchObject({ dose: { id }, isTooLate });
  });

  it('carries what a tick would write of it', () => {
    expect(find('2027-01-12_1800_m1')?.dose).toEqual({
      id: '2027-01-12_1800_m1',
      dueAt: '2027-01-12T23:00:00.000Z',
      expiresAt: '2027-01-13T02:00:00.000Z',
      localDate: '2027-01-12',
      localTime: '2027-01-12T18:00:00-05:00',
      timeZone: 'America/New_York',
      slots: ['18:00'],
    });
  });

  it('that is ahead is found when it is the very next, as near as its window is long', () => {
    const id = '2027-01-13_2300_m1';
    expect(find(id, { now: '2027-01-14T01:00:00.000Z' })).toMatchObject({ dose: { id }, isTooLate: false });
    expect(find(id, { now: '2027-01-14T00:59:59.999Z' })).toBeUndefined();
  });

  it('that is ahead and not the next is not found, however near', () => {
    const close = { ...qid, frequency: 'BID', times: ['08:00', '09:00'], lateWindowMinutes: 60 };
    const at = (now: string) => find('2027-01-13_0900_m1', { schedule: close, now });
    expect(at('2027-01-13T13:00:00.000Z')).toBeDefined();
    expect(at('2027-01-13T12:59:59.999Z')).toBeUndefined();
    const wide = { ...close, times: ['08:00', '08:20'] };
    const twenty = (now: string) => find('2027-01-13_0820_m1', { schedule: wide, now });
    expect(twenty('2027-01-13T12:59:00.000Z')).toBeUndefined();
    expect(twenty('2027-01-13T13:00:00.000Z')).toBeDefined();
  });

  it.each([
    ['from before where the schedule stands', '2027-01-12_0600_m1', {}],
    ['at no time of the schedule', '2027-01-13_1300_m1', {}],
    ['of another medication', '2027-01-13_1800_m2', {}],
    ['of a schedule that has ended', '2027-01-13_1800_m1', { nextDueAt: null }],
    ['after the last date', '2027-01-13_1800_m1', { schedule: { ...qid, endDate: '2027-01-12' } }],
    ['of a date that the calendar does not have', '2027-02-30_1800_m1', {}],
    ['of the end of time', '9999-12-31_1800_m1', {}],
    ['without a date', 'nonsense', {}],
    ['taken as needed', '2027-01-13_1800_m1', { schedule: { ...qid, frequency: 'PRN', times: [] } }],
  ])('%s is none', (_, id, more) => {
    expect(find(id, more)).toBeUndefined();
  });

  it('is found within the day, however long no tick came', () => {
    const hourly = {
      ...qid,
      frequency: 'Q1H',
      times: [],
      intervalHours: 1,
      anchor: '1990-01-01T00:30:00.000Z',
    };
    const years = { schedule: { ...hourly, startDate: '1990-01-01' }, nextDueAt: '1990-01-01T00:30:00.000Z' };
    // A walk over 300,000 doses would run into the test's own limit.
    for (const id of ['2027-01-12_1230W0500_m1', '1999-07-04_0730W0400_m1'])
      expect(find(id, years)).toMatchObject({ dose: { id }, isTooLate: true });
  });
});

const SCHEDULES: readonly RemindedSchedule[] = [
  qid,
  { ...qid, frequency: 'QD', times: ['02:30'], timeZone: 'Europe/Berlin' },
  { ...qid, frequency: 'BID', times: ['08:00', '10:00'], timeZone: 'Pacific/Kiritimati' },
  {
    ...qid,
    frequency: 'QD',
    times: ['00:15'],
    timeZone: 'Pacific/Pago_Pago',
    cycle: { daysOn: 3, daysOff: 2 },
  },
  { ...qid, frequency: 'Q8H', times: [], intervalHours: 8, anchor: '2027-01-01T05:10:00.000Z' },
  { ...qid, stays: [{ since: '2027-01-14T09:00:00.000Z', timeZone: 'Asia/Tokyo' }], lateWindowMinutes: 30 },
  { ...qid, frequency: 'MO', times: ['09:00'], startDate: '2026-12-31' },
];

it('every dose of a backlog is found by its id as a tick would find it; of those ahead at most the next', () => {
  const hour = fc.integer({ min: 0, max: 60 * 24 });
  fc.assert(
    fc.property(fc.constantFrom(...SCHEDULES), hour, hour, (schedule, since, length) => {
      // Around both changes of the clock, and around none.
      const begin = Date.parse('2027-02-20T00:00:00.000Z') + since * 3_600_000;
      const [nextDueAt, now] = [
        new Date(begin).toISOString(),
        new Date(begin + length * 3_600_000).toISOString(),
      ];
      const input = { schedule, medicationRef: 'm1', nextDueAt, now };
      const owed = advanceSchedule({ ...input, horizonSeconds: 0, limit: Infinity });
      for (const dose of owed.due) expect(unmadeDose(dose.id, input)).toEqual({ dose, isTooLate: false });
      for (const dose of owed.notSent) expect(unmadeDose(dose.id, input)).toEqual({ dose, isTooLate: true });

      const ahead = advanceSchedule({
        ...input,
        nextDueAt: owed.nextDueAt,
        horizonSeconds: 3 * 86_400,
        limit: Infinity,
      });
      const answerable = ahead.due.filter(({ id }) => unmadeDose(id, input) !== undefined);
      expect(ahead.due.slice(0, 1)).toEqual(expect.arrayContaining(answerable));
    }),
    { numRuns: 60 },
  );
}, 60_000);

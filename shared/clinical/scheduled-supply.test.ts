import { describe, expect, it } from 'vitest';
import { dosesPerDay } from './days-of-supply.ts';
import type { Schedule } from './schedule.ts';
import { firstUncoveredOn } from './scheduled-supply.ts';

const bid: Schedule = {
  frequency: 'BID',
  times: ['08:00', '20:00'],
  timeZone: 'America/New_York',
  startDate: '2026-01-01',
};
/** Noon of 2 March in New York: the morning dose is taken, the evening dose is not. */
const NOON = '2026-03-02T17:00:00.000Z';
const uncovered = (supplyUnits: number, schedule = bid, at = NOON) =>
  firstUncoveredOn(schedule, { supplyUnits, unitsPerDose: 1, at });

describe('firstUncoveredOn', () => {
  it('counts the doses of today that are still to come', () => {
    expect(uncovered(5)).toBe('2026-03-05');
    expect(uncovered(0)).toBe('2026-03-02');
    expect(uncovered(0, bid, '2026-03-03T01:00:01.000Z')).toBe('2026-03-03');
  });

  it('counts due dates of a weekly schedule', () => {
    const weekly = { ...bid, frequency: 'WK', times: ['08:00'], startDate: '2026-03-01' };
    expect(uncovered(4, weekly)).toBe('2026-04-05');
  });

  it('counts elapsed hours over a change of the clock', () => {
    const hourly: Schedule = {
      frequency: 'Q8H',
      times: [],
      intervalHours: 8,
      anchor: '2026-03-07T12:00:00.000Z',
      timeZone: 'America/New_York',
      startDate: '2026-03-07',
    };
    // 15:00 and 23:00 of the 7th, 08:00 and 16:00 of the 8th; the next one falls on the 9th at midnight.
    expect(uncovered(4, hourly, '2026-03-07T12:00:00.000Z')).toBe('2026-03-09');
  });

  it('finds none when the schedule ends before, or more than ten years ahead', () => {
    expect(uncovered(100, { ...bid, endDate: '2026-03-10' })).toBeNull();
    expect(uncovered(1_000_000)).toBeNull();
  });

  it('counts two slots that meet in a gap as two doses', () => {
    const meeting = { ...bid, times: ['02:30', '03:30'] };
    const before = '2026-03-08T05:30:00.000Z';
    expect(uncovered(1, meeting, before)).toBe('2026-03-08');
    expect(uncovered(2, meeting, before)).toBe('2026-03-09');
  });
});

describe('dosesPerDay', () => {
  it.each<[Partial<Schedule>, string]>([
    [{}, '2/1'],
    [{ frequency: 'QOD', times: ['08:00'] }, '1/2'],
    [{ frequency: 'Q2W', times: ['08:00'] }, '1/14'],
    [{ frequency: 'Q3MO', times: ['08:00'] }, '1/90'],
    [{ frequency: 'Q36H', times: [], intervalHours: 36 }, '24/36'],
    [{ frequency: 'Q12H' }, '2/1'],
    [{ frequency: 'WEEKDAYS', times: ['08:00'] }, '5/7'],
    [{ frequency: 'DAYS', weekdays: [1, 3, 5] }, '6/7'],
    [{ frequency: 'CYCLE', times: ['08:00'], cycle: { daysOn: 21, daysOff: 7 } }, '21/28'],
  ])('%j', (more, expected) => {
    expect(dosesPerDay({ ...bid, ...more })).toBe(expected);
  });
});

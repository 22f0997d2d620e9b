import { describe, expect, it } from 'vitest';
import type { Schedule } from './schedule.ts';
import { shortestIntervalHours } from './shortest-interval.ts';

const schedule = (frequency: string, more: Partial<Schedule> = {}): Schedule => ({
  frequency,
  times: ['08:00'],
  timeZone: 'America/New_York',
  startDate: '2026-03-06',
  ...more,
});

describe('the shortest nominal distance between two doses', () => {
  it.each<[string, Schedule, number | null]>([
    ['once a day, over a change of the clock', schedule('QD'), 24],
    ['the night between the last and the first dose', schedule('BID', { times: ['00:30', '23:00'] }), 1.5],
    [
      'hours that elapse',
      schedule('Q36H', { times: [], intervalHours: 36, anchor: '2026-03-06T12:00:00Z' }),
      36,
    ],
    ['weekdays', schedule('DAYS', { weekdays: [1, 4] }), 72],
    ['the weekend', schedule('BIW', { weekdays: [7, 1] }), 24],
    ['every second week', schedule('Q2W', { weekdays: [1] }), 336],
    ['a cycle of one day', schedule('CYCLE', { cycle: { daysOn: 1, daysOff: 366 } }), 367 * 24],
    ['a month', schedule('MO', { startDate: '2026-03-31', monthRule: 'clamp' }), 28 * 24],
    ['a single dose', schedule('QD', { endDate: '2026-03-06' }), null],
    ['as needed', schedule('PRN', { times: [] }), null],
  ])('%s', (_title, of, hours) => {
    expect(shortestIntervalHours(of)).toBe(hours);
  });
});

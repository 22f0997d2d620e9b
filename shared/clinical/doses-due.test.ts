import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dosesDue } from './doses-due.ts';
import { occurrencesFrom } from './occurrences.ts';
import type { Schedule } from './schedule.ts';

const bid: Schedule = {
  frequency: 'BID',
  times: ['08:00', '20:00'],
  timeZone: 'America/New_York',
  startDate: '2026-01-01',
};
const SCHEDULES: Schedule[] = [
  bid,
  { ...bid, times: ['02:30', '03:30'] },
  { ...bid, times: ['00:00', '23:59'], timeZone: 'Pacific/Auckland', endDate: '2026-11-01' },
  { ...bid, frequency: 'QOD', times: ['08:00'], timeZone: 'Pacific/Honolulu', startDate: '2026-02-03' },
  { ...bid, frequency: 'MO', times: ['12:00'], startDate: '2026-01-31' },
  { ...bid, frequency: 'DAYS', weekdays: [1, 6], timeZone: 'Asia/Kolkata' },
  { ...bid, frequency: 'Q5H', times: [], intervalHours: 5, anchor: '2026-01-01T03:00:00.000Z' },
  {
    ...bid,
    frequency: 'Q36H',
    times: [],
    intervalHours: 36,
    anchor: '2025-12-01T00:00:00.000Z',
    startDate: '2026-03-08',
    endDate: '2026-11-01',
  },
];

function countOneByOne(schedule: Schedule, after: number, until: number): number {
  let doses = 0;
  for (const { dueAt, slots } of occurrencesFrom(schedule, new Date(after + 1).toISOString())) {
    if (Date.parse(dueAt) > until) break;
    doses += slots.length;
  }
  return doses;
}

describe('dosesDue', () => {
  it('excludes the moment of the count and includes the end', () => {
    const morning = '2026-03-02T13:00:00.000Z';
    const evening = '2026-03-03T01:00:00.000Z';
    expect(dosesDue(bid, morning, morning)).toBe(0);
    expect(dosesDue(bid, morning, evening)).toBe(1);
  });

  it('counts two slots that meet in a gap as two doses', () => {
    const meeting = { ...bid, times: ['02:30', '03:30'] };
    expect(dosesDue(meeting, '2026-03-08T05:00:00.000Z', '2026-03-08T12:00:00.000Z')).toBe(2);
  });

  it('counts as one by one, over any stretch of a year', () => {
    const minute = fc
      .integer({ min: 0, max: 525_600 })
      .map((n) => Date.parse('2026-01-01T00:00:00Z') + n * 60_000);
    fc.assert(
      fc.property(fc.constantFrom(...SCHEDULES), minute, minute, (schedule, a, b) => {
        const [after, until] = a < b ? [a, b] : [b, a];
        const counted = dosesDue(schedule, new Date(after).toISOString(), new Date(until).toISOString());
        expect(counted).toBe(countOneByOne(schedule, after, until));
      }),
      { numRuns: 60, seed: 11 },
    );
  });
});

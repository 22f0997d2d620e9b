import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { dueDates } from './due-dates.ts';
import type { Schedule } from './schedule.ts';

const schedule = (frequency: string, startDate: string, more: Partial<Schedule> = {}): Schedule => ({
  frequency,
  times: ['08:00'],
  timeZone: 'UTC',
  startDate,
  ...more,
});

function first(count: number, of: Schedule, from = of.startDate): string[] {
  const dates: string[] = [];
  for (const date of dueDates(of, Temporal.PlainDate.from(from))) {
    dates.push(date.toString());
    if (dates.length === count) break;
  }
  return dates;
}

describe('dueDates', () => {
  it('counts every other day from the start date, wherever it looks from', () => {
    expect(first(2, schedule('QOD', '2026-03-06'), '2026-03-07')).toEqual(['2026-03-08', '2026-03-10']);
  });

  it('never skips a month when it clamps, and returns to the day', () => {
    const monthly = schedule('MO', '2026-01-31');
    expect(first(4, monthly)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']);
    expect(first(2, monthly, '2026-02-28')).toEqual(['2026-02-28', '2026-03-31']);
    expect(first(1, monthly, '2026-03-01')).toEqual(['2026-03-31']);
  });

  it('skips months without the day when asked', () => {
    const monthly = schedule('MO', '2026-01-31', { monthRule: 'skip' });
    expect(first(3, monthly)).toEqual(['2026-01-31', '2026-03-31', '2026-05-31']);
  });

  it('counts several months', () => {
    expect(first(3, schedule('Q3MO', '2026-11-30'), '2026-12-15')).toEqual([
      '2027-02-28',
      '2027-05-30',
      '2027-08-30',
    ]);
  });

  it('keeps to weekdays', () => {
    expect(first(3, schedule('WEEKDAYS', '2026-03-05'))).toEqual(['2026-03-05', '2026-03-06', '2026-03-09']);
    expect(first(3, schedule('DAYS', '2026-03-05', { weekdays: [1, 4] }))).toEqual([
      '2026-03-05',
      '2026-03-09',
      '2026-03-12',
    ]);
    expect(first(2, schedule('WK', '2026-03-05', { weekdays: [2] }))).toEqual(['2026-03-10', '2026-03-17']);
  });

  it('counts weeks from Monday for weekdays in every second week', () => {
    const fortnightly = schedule('Q2W', '2026-03-05', { weekdays: [1, 5] });
    expect(first(4, fortnightly)).toEqual(['2026-03-06', '2026-03-16', '2026-03-20', '2026-03-30']);
    expect(first(2, fortnightly, '2026-03-21')).toEqual(['2026-03-30', '2026-04-03']);
  });

  it('counts cycles from the start date', () => {
    const cycle = schedule('CYCLE', '2026-03-01', { cycle: { daysOn: 2, daysOff: 3 } });
    expect(first(4, cycle, '2026-03-02')).toEqual(['2026-03-02', '2026-03-06', '2026-03-07', '2026-03-11']);
  });

  it('is daily for hours with clock times', () => {
    expect(first(2, schedule('Q8H', '2026-03-01', { times: ['06:00', '14:00', '22:00'] }))).toEqual([
      '2026-03-01',
      '2026-03-02',
    ]);
  });

  it('begins with the start date and ends with the end date', () => {
    const bounded = schedule('QD', '2026-03-01', { endDate: '2026-03-02' });
    expect(first(9, bounded, '2020-01-01')).toEqual(['2026-03-01', '2026-03-02']);
    expect(first(9, bounded, '2026-03-03')).toEqual([]);
  });

  it('refuses a frequency that is no code', () => {
    expect(() => first(1, schedule('sometimes', '2026-03-01'))).toThrow(RangeError);
  });
});

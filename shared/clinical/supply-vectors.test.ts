import { describe, expect, it } from 'vitest';
import vectors from '#test/data/refill-adherence-vectors.json' with { type: 'json' };
import { daysOfSupply } from './days-of-supply.ts';
import { orderBy } from './order-by.ts';
import { runOut } from './run-out.ts';

describe('days of supply', () => {
  it.each(vectors.days_supply)('$id $title', (vector) => {
    const days = daysOfSupply(vector.quantity, vector.units_per_dose, vector.doses_per_day);
    expect(days).toBe(vector.expected_full_days);
  });

  it('divides exactly: 0.3 by 0.1 is 3', () => {
    expect(daysOfSupply(0.3, 0.1, 1)).toBe(3);
    expect(daysOfSupply(0.7, 0.1, '1')).toBe(7);
    expect(daysOfSupply(1, 1, '1/3')).toBe(3);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d units', (quantity) => {
    expect(() => daysOfSupply(quantity, 1, 1)).toThrow(RangeError);
  });

  it('refuses a use of nothing', () => {
    expect(() => daysOfSupply(1, 0, 1)).toThrow(RangeError);
    expect(() => daysOfSupply(1, 1, '1/0')).toThrow(RangeError);
  });
});

describe('run-out', () => {
  it.each(vectors.run_out)('$id $title', ({ expected, ...input }) => {
    expect(runOut(input)).toEqual(expected);
  });

  it('keeps what does not make a full day', () => {
    const input = {
      today: '2026-03-02',
      current_supply: 0.7,
      units_per_dose: 0.1,
      doses_per_day: 3,
      doses_taken_today: 0,
    };
    expect(runOut(input)).toEqual({
      last_fully_covered_date: '2026-03-03',
      first_uncovered_date: '2026-03-04',
      units_left_over: 0.1,
    });
  });
});

describe('order-by date', () => {
  it.each(vectors.order_by)('$id $title', ({ expected, ...input }) => {
    expect(orderBy(input)).toEqual(expected);
  });

  it('refuses a week without an open day', () => {
    const closed = { ...vectors.order_by[0], closed_weekdays: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] };
    expect(() => orderBy(closed as Parameters<typeof orderBy>[0])).toThrow(RangeError);
  });
});

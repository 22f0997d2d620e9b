import { describe, expect, it } from 'vitest';
import type { ControlledRefill } from './controlled-substances.ts';
import { refillEligibility } from './refill-eligibility.ts';

describe('refill too soon', () => {
  it('rounds up exactly, so that no binary rest makes a day of its own', () => {
    // In binary numbers 30 × 0.7 is a little less than 21, and 100 × 0.07 a little more than 7.
    const of = (days_supply: number, threshold: number) =>
      refillEligibility({ last_fill: '2026-01-01', days_supply, threshold }).days_after_fill;
    expect(of(30, 0.7)).toBe(21);
    expect(of(100, 0.07)).toBe(7);
    expect(of(30, 0)).toBe(0);
    expect(of(0, 0.8)).toBe(0);
    expect(of(31, 0.8)).toBe(25);
  });

  it('keeps a fraction a fraction', () => {
    // The number nearest to 5/6 is 0.8333333333333334: of 90 days it would make 76.
    for (const [part, whole] of Array.from({ length: 99 }, (_, n) => [n + 1, n + 2] as const)) {
      const threshold = `${part}/${whole}`;
      const asked = { last_fill: '2026-01-01', days_supply: whole * 3, threshold };
      expect([threshold, refillEligibility(asked).days_after_fill]).toEqual([threshold, part * 3]);
    }
  });
});

describe('controlled substances', () => {
  const ask = (facts: ControlledRefill) => refillEligibility(facts);
  const IV = { schedule: 'IV', issued: '2026-01-10', refills_used: 1 } as const;

  it('II is never refilled, whatever else is known', () => {
    expect(ask({ schedule: 'II', refills_used: 0, refills_left: 3 })).toMatchObject({ decision: 'never' });
  });

  it.each<[string, ControlledRefill, string]>([
    ['the sixth month ends with its day', { ...IV, refill_date: '2026-07-10' }, 'allowed'],
    ['a day later', { ...IV, refill_date: '2026-07-11' }, 'blocked'],
    [
      'where the month is shorter, its last day',
      { ...IV, issued: '2026-08-31', refill_date: '2027-02-28' },
      'allowed',
    ],
    ['and no day more', { ...IV, issued: '2026-08-31', refill_date: '2027-03-01' }, 'blocked'],
    ['the fifth refill', { ...IV, refill_date: '2026-03-01', refills_used: 4 }, 'allowed'],
    ['the sixth', { ...IV, refill_date: '2026-03-01', refills_used: 5 }, 'blocked'],
    ['none that the prescriber authorized', { ...IV, refill_date: '2026-03-01', refills_left: 0 }, 'blocked'],
    ['before it was issued', { ...IV, refill_date: '2026-01-09' }, 'blocked'],
  ])('III and IV: %s', (_, facts, decision) => {
    for (const schedule of ['III', 'IV'] as const)
      expect(ask({ ...facts, schedule })).toMatchObject({ decision, source: '21 CFR 1306.22' });
  });

  it('III and IV: says which facts are missing and decides nothing', () => {
    expect(ask({ schedule: 'III' })).toEqual({
      decision: null,
      verdict: null,
      reasons: ['issued_missing', 'refill_date_missing', 'refills_used_missing'],
      source: '21 CFR 1306.22',
    });
  });

  it('III and IV: concludes nothing from more refills than a prescription can have', () => {
    const dated = { schedule: 'IV', issued: '2026-01-10', refill_date: '2026-02-11' } as const;
    expect(ask({ ...dated, refills_left: 5 })).toMatchObject({ decision: 'allowed' });
    expect(ask({ ...dated, refills_used: 3, refills_left: 2 })).toMatchObject({ decision: 'allowed' });
    for (const refills of [{ refills_left: 6 }, { refills_used: 3, refills_left: 5 }])
      expect(ask({ ...dated, ...refills })).toMatchObject({
        decision: null,
        reasons: ['more_than_five_refills'],
      });
  });

  it('V: not before it was issued, and no six months after', () => {
    const V = { schedule: 'V', issued: '2026-01-10', refills_left: 1 } as const;
    expect(ask({ ...V, refill_date: '2026-01-09' })).toMatchObject({
      decision: 'blocked',
      verdict: 'blocked: before the date of issue',
      reasons: ['before_issue'],
    });
    for (const refill_date of ['2026-01-10', '2026-12-01'])
      expect(ask({ ...V, refill_date })).toMatchObject({ decision: 'allowed' });
  });

  it.each([
    [undefined, 'prescriber'],
    [0, 'blocked'],
    [7, 'allowed'],
  ])('V: with %s refills left %s', (refills_left, decision) => {
    expect(ask({ schedule: 'V', refills_left })).toMatchObject({ decision });
  });
});

describe('what it refuses', () => {
  const fill = { last_fill: '2026-01-01', days_supply: 30, threshold: 0.8 };
  it.each<[string, unknown]>([
    ['send either', {}],
    ['send either', { ...fill, schedule: 'II' }],
    ['`threshold` is not a share from 0 to 1', { ...fill, threshold: 1.1 }],
    ['`threshold` is not a share from 0 to 1', { ...fill, threshold: '7/6' }],
    ['`last_fill` is not a date from 1900-01-01 to 2999-12-31', { ...fill, last_fill: '9999-12-30' }],
    ['`issued` is not a date from', { schedule: 'III', issued: '3000-01-01' }],
    ['`threshold` is missing', { ...fill, threshold: undefined }],
    ['`days_supply` is not a whole number', { ...fill, days_supply: 29.5 }],
    ['`last_fill` is not a date', { ...fill, last_fill: '2026-1-1' }],
    ['`schedule` is not one of II, III, IV, V', { schedule: 'VI' }],
    ['`refills_used` is not a whole number', { schedule: 'III', refills_used: -1 }],
  ])('%s', (message, input) => {
    expect(() => refillEligibility(input as ControlledRefill)).toThrow(message);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds, earlier, instantOf, isInstant, later, msOf, secondsBetween } from './instant.ts';

const ms = fc.integer({ min: 0, max: Date.UTC(2999, 11, 31) });

describe('instant', () => {
  it('is ISO 8601 in UTC with milliseconds', () => {
    expect(instantOf(Date.UTC(2026, 10, 23, 20, 55, 41))).toBe('2026-11-23T20:55:41.000Z');
  });

  it('orders as text as it does in time', () => {
    fc.assert(
      fc.property(ms, ms, (a, b) => {
        expect(instantOf(a) < instantOf(b)).toBe(a < b);
        expect(msOf(earlier(instantOf(a), instantOf(b)))).toBe(Math.min(a, b));
        expect(msOf(later(instantOf(a), instantOf(b)))).toBe(Math.max(a, b));
      }),
    );
  });

  it('adds what lies between', () => {
    fc.assert(
      fc.property(ms, ms, (a, b) => {
        const [from, to] = [instantOf(a), instantOf(b)];
        expect(addSeconds(from, secondsBetween(from, to))).toBe(to);
      }),
    );
  });

  it('does not lose a millisecond to binary fractions', () => {
    expect(addSeconds('2026-11-23T20:55:41.000Z', 1.001)).toBe('2026-11-23T20:55:42.001Z');
  });

  it('tells what is none', () => {
    expect(msOf('tomorrow')).toBeNaN();
    // The engine would take the second for a year, and the third for the second of March.
    for (const text of ['tomorrow', 'job 5', '2026-02-30T00:00:00.000Z', '2026-11-23T20:55:41Z', ''])
      expect(isInstant(text)).toBe(false);
    fc.assert(fc.property(ms, (one) => isInstant(instantOf(one))));
  });
});

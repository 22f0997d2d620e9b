import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childrenOf, dayAt, hourAt, idOf, monthAt, unitOf, unitsOf } from './units.ts';

const at = (text: string): number => Date.parse(text);
const grains = (start: string, end: string): string[] =>
  unitsOf({ startMs: at(start), endMs: at(end) }).map(({ grain }) => grain);

describe('a window as units', () => {
  it.each([
    ['an hour', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z', ['hour']],
    ['a month', '2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z', ['month']],
    [
      'a half hour, a day, and parts',
      '2026-03-01T23:30:00Z',
      '2026-03-03T00:15:00Z',
      ['part', 'day', 'part'],
    ],
    ['a day of 23 hours', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', Array(23).fill('hour')],
    ['a day of 25 hours', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', Array(25).fill('hour')],
    [
      'a day in India',
      '2026-03-01T18:30:00Z',
      '2026-03-02T18:30:00Z',
      ['part', ...Array(23).fill('hour'), 'part'],
    ],
  ])('%s', (_, start, end, expected) => {
    expect(grains(start, end)).toEqual(expected);
  });

  it('has neither gap nor overlap', () => {
    const minute = fc
      .integer({ min: 0, max: 90 * 1440 })
      .map((minutes) => at('2026-01-15T00:00:00Z') + minutes * 60_000);
    fc.assert(
      fc.property(minute, minute, (a, b) => {
        fc.pre(a !== b);
        const [startMs, endMs] = [Math.min(a, b), Math.max(a, b)];
        const units = unitsOf({ startMs, endMs });
        expect(units[0]?.startMs).toBe(startMs);
        expect(units.at(-1)?.endMs).toBe(endMs);
        for (const [index, unit] of units.entries())
          if (index > 0) expect(unit.startMs).toBe(units[index - 1]?.endMs);
      }),
    );
  });

  it('is one unit when it is one', () => {
    const month = monthAt(at('2028-02-17T00:00:00Z'));
    expect(idOf(month)).toBe('month#2028-02-01T00:00:00.000Z');
    expect(childrenOf(month)).toHaveLength(29);
    expect(childrenOf(dayAt(0)).map(idOf).at(-1)).toBe('hour#1970-01-01T23:00:00.000Z');
    expect(unitOf(month)).toEqual(month);
    expect(unitOf(hourAt(0))).toEqual(hourAt(0));
    expect(unitOf({ startMs: 0, endMs: 7_200_000 })).toBeUndefined();
    expect(idOf(monthAt(at('0001-06-01T00:00:00Z')))).toBe('month#0001-06-01T00:00:00.000Z');
  });
});

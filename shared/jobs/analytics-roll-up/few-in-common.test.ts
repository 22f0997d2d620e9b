import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counted, tellsOfFew } from './few-in-common.ts';

const told = (startMs: number, endMs: number, count: number): Counted => ({ startMs, endMs, count });

describe('numbers of distinct people of windows that meet', () => {
  it.each<[string, readonly Counted[], boolean]>([
    [
      'two days and both together: three were there on both',
      [told(0, 1, 30), told(1, 2, 30), told(0, 2, 57)],
      true,
    ],
    ['nobody was there on both', [told(0, 1, 30), told(1, 2, 30), told(0, 2, 60)], false],
    ['eleven were there on both', [told(0, 1, 30), told(1, 2, 30), told(0, 2, 49)], false],
    [
      'three days, told one by one and together',
      [told(0, 1, 20), told(1, 2, 20), told(2, 3, 20), told(0, 3, 52)],
      true,
    ],
    ['a gap between the days', [told(0, 1, 20), told(2, 3, 20), told(0, 3, 38)], false],
    ['two windows that overlap', [told(0, 2, 30), told(1, 3, 30), told(0, 3, 55)], true],
    [
      'the same without those of the day they share',
      [told(0, 2, 40), told(1, 3, 40), told(1, 2, 20), told(0, 3, 57)],
      true,
    ],
    ['one window inside another', [told(0, 1, 20), told(0, 3, 52)], false],
    ['nothing else', [told(0, 1, 20)], false],
  ])('%s', (_, windows, few) => {
    expect(tellsOfFew(windows)).toBe(few);
  });

  it('withhold what somebody could find who adds windows up and takes the whole away', () => {
    const days = 4;
    const person = fc.array(fc.boolean(), { minLength: days, maxLength: days });
    fc.assert(
      fc.property(fc.array(person, { maxLength: 60 }), (people) => {
        const count = (from: number, until: number) =>
          people.filter((present) => present.slice(from, until).some(Boolean)).length;
        const each = Array.from({ length: days }, (_, day) => told(day, day + 1, count(day, day + 1)));
        const whole = told(0, days, count(0, days));
        const again = each.reduce((sum, day) => sum + day.count, 0) - whole.count;
        expect(tellsOfFew([...each, whole])).toBe(again > 0 && again <= 10);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Crowd, SMALL_CELL } from './derivable.ts';
import { withheld } from './withhold.ts';

const crowd = (name: string, size: number): Crowd =>
  new Set(Array.from({ length: Math.min(size, SMALL_CELL + 1) }, (_, index) => `${name}${index}`));

/** Numbers over named parts with so many people each, everybody in one part only. */
function hiddenOf(
  parts: Record<string, number>,
  numbers: Record<string, string[]>,
  known: string[][] = [],
): string[] {
  const names = Object.keys(parts).filter((name) => (parts[name] ?? 0) > 0);
  const rowOf = (of: readonly string[]) => names.map((name) => (of.includes(name) ? 1 : 0));
  const candidates = Object.entries(numbers).map(([name, of]) => {
    const size = of.reduce((sum, part) => sum + (parts[part] ?? 0), 0);
    return { name, row: rowOf(of), people: crowd(name, size), size };
  });
  const columns = names.map((name) => crowd(name, parts[name] ?? 0));
  return [...withheld(columns, known.map(rowOf), candidates)].sort();
}

describe('what is withheld', () => {
  it('is a small cell and one more, so that the total does not tell it', () => {
    const numbers = { a: ['a'], b: ['b'], c: ['c'], total: ['a', 'b', 'c'] };
    expect(hiddenOf({ a: 4, b: 25, c: 40 }, numbers)).toEqual(['a', 'b']);
  });

  it('is enough that those withheld are not a small cell together', () => {
    const numbers = { a: ['a'], b: ['b'], c: ['c'], total: ['a', 'b', 'c'] };
    expect(hiddenOf({ a: 4, b: 3, c: 40 }, numbers)).toEqual(['a', 'b', 'c']);
    expect(hiddenOf({ a: 6, b: 7, c: 40 }, numbers)).toEqual(['a', 'b']);
  });

  it('is nothing when every cell has none or eleven people', () => {
    expect(
      hiddenOf({ a: 11, b: 0, c: 40 }, { a: ['a'], b: ['b'], c: ['c'], total: ['a', 'b', 'c'] }),
    ).toEqual([]);
  });

  it('is a number whose complement is small, which nobody shows', () => {
    expect(hiddenOf({ late: 30, on_time: 2 }, { published: ['late', 'on_time'], late: ['late'] })).toEqual([
      'late',
    ]);
  });

  it('is a number that tells a small one together with an earlier answer', () => {
    expect(hiddenOf({ mar1to30: 50, mar31: 5 }, { month: ['mar1to30', 'mar31'] }, [['mar1to30']])).toEqual([
      'month',
    ]);
    expect(hiddenOf({ mar1to30: 50, mar31: 12 }, { month: ['mar1to30', 'mar31'] }, [['mar1to30']])).toEqual(
      [],
    );
  });

  it('heeds three answers together', () => {
    const parts = { first: 20, middle: 4, last: 30 };
    expect(hiddenOf(parts, { all: ['first', 'middle', 'last'] }, [['first'], ['last']])).toEqual(['all']);
  });

  it('takes a difference of two small groups for small', () => {
    expect(hiddenOf({ only1: 3, both: 40, only2: 2 }, { b: ['both', 'only2'] }, [['only1', 'both']])).toEqual(
      ['b'],
    );
  });
});

describe('of what is shown', () => {
  const PARTS = ['a', 'b', 'c', 'd', 'e'] as const;
  const size = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 11, max: 80 }));
  const subset = fc.uniqueArray(fc.constantFrom(...PARTS), { minLength: 1 });

  it('no sum or difference tells of 1 to 10 people, whoever adds and subtracts up to four numbers', () => {
    fc.assert(
      fc.property(
        fc.tuple(size, size, size, size, size),
        fc.uniqueArray(subset, { minLength: 1, maxLength: 6, selector: (of) => [...of].sort().join() }),
        fc.array(subset, { maxLength: 2 }),
        (sizes, numbers, earlier) => {
          const parts = Object.fromEntries(PARTS.map((name, index) => [name, sizes[index] ?? 0]));
          // Earlier answers are safe by themselves: each is what was shown then.
          const first = Object.fromEntries(earlier.map((of, index) => [`e${index}`, of]));
          const hiddenThen = hiddenOf(parts, first);
          const known = earlier.filter((_, index) => !hiddenThen.includes(`e${index}`));
          const named = Object.fromEntries(numbers.map((of, index) => [`n${index}`, of]));
          const hidden = hiddenOf(parts, named, known);
          const shown = [...known, ...numbers.filter((_, index) => !hidden.includes(`n${index}`))];
          expect(smallestTold(parts, shown)).toBe(undefined);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('none does that takes one of the reduced numbers twice', () => {
    const parts = { a: 1, b: 1, c: 11, d: 11, e: 10 };
    const numbers = { n0: ['e', 'a', 'c'], n1: ['c', 'e', 'b'], n2: ['a'] };
    const known = [['b', 'a', 'e']];
    const hidden = hiddenOf(parts, numbers, known);
    const shown = Object.entries(numbers).flatMap(([name, of]) => (hidden.includes(name) ? [] : [of]));
    expect(smallestTold(parts, [...known, ...shown])).toBe(undefined);
  });

  /** An attacker who tries all combinations with -1, 0 and 1: the people of the smallest difference, if it is a small cell. */
  function smallestTold(
    parts: Record<string, number>,
    shown: readonly (readonly string[])[],
  ): number | undefined {
    let told: number | undefined;
    for (let code = 0; code < 3 ** shown.length; code += 1) {
      const signs = shown.map((_, index) => (Math.floor(code / 3 ** index) % 3) - 1);
      const left = PARTS.filter(
        (name) =>
          shown.reduce((sum, of, index) => sum + (of.includes(name) ? (signs[index] ?? 0) : 0), 0) !== 0,
      );
      const people = left.reduce((sum, name) => sum + (parts[name] ?? 0), 0);
      if (people >= 1 && people <= SMALL_CELL) told = Math.min(told ?? people, people);
    }
    return told;
  }
});

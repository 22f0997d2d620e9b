import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, jaroWinkler } from './similarity.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 8 });

describe('editDistance', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    expect(editDistance('warfrin', 'warfarin', 3)).toBe(1);
    expect(editDistance('metropolol', 'metoprolol', 3)).toBe(2);
    expect(editDistance('ab', 'ba', 3)).toBe(1);
  });

  it('stops behind its limit', () => {
    expect(editDistance('aaaa', 'bbbb', 2)).toBe(3);
    expect(editDistance('a', 'aaaaaa', 2)).toBe(3);
  });

  it('is symmetric, and 0 only for equal texts', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b, 8)).toBe(editDistance(b, a, 8));
        expect(editDistance(a, b, 8) === 0).toBe(a === b);
      }),
    );
  });
});

describe('jaroWinkler', () => {
  it('gives the values of the published examples', () => {
    expect(jaroWinkler('martha', 'marhta')).toBeCloseTo(0.961, 3);
    expect(jaroWinkler('dixon', 'dicksonx')).toBeCloseTo(0.813, 3);
    expect(jaroWinkler('abc', 'xyz')).toBe(0);
  });
});

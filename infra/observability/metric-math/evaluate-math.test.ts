import { describe, expect, it } from 'vitest';
import { evaluateMath, idsOf } from './evaluate-math.ts';

describe('evaluateMath', () => {
  it.each<[string, (number | undefined)[]]>([
    ['n + 2 * e', [102, 212]],
    ['(n - e) / n', [0.99, 0.97]],
    ['IF(n >= 150, 100 * e / n, IF(e >= 1, 100, 0))', [100, 3]],
    ['IF(n > 150, e, 0)', [0, 6]],
    ['IF(n < 150, e, 0)', [1, 0]],
    ['n / (e - 1)', [undefined, 40]],
  ])('%s', (expression, expected) => {
    expect(evaluateMath(expression, { n: [100, 200], e: [1, 6] })).toEqual(expected);
  });

  it('has no result where an input that is used has none', () => {
    const inputs = { n: [100, undefined, 5], e: [undefined, 1, 1] };
    expect(evaluateMath('n + e', inputs)).toEqual([undefined, undefined, 6]);
    expect(evaluateMath('IF(n >= 20, 7, e)', inputs)).toEqual([7, undefined, 1]);
  });

  it('adds up what those of many series have that have something', () => {
    const all = [
      [1, undefined, undefined],
      [2, 5, undefined],
    ];
    expect(evaluateMath('SUM(all)', { all })).toEqual([3, 5, undefined]);
    expect(evaluateMath('n / SUM(all)', { n: [6, 10, 1], all })).toEqual([2, 2, undefined]);
    expect(evaluateMath('SUM(all)', { all: [] })).toEqual([]);
    // A sum over the time of one series is another function, and many series are no number.
    expect(() => evaluateMath('SUM(n)', { n: [1] })).toThrow('SUM');
    expect(() => evaluateMath('all + 1', { all })).toThrow('all');
  });

  it('goes by those of a list that have something', () => {
    const inputs = { n: [1, undefined, undefined], e: [2, 5, undefined] };
    expect(evaluateMath('SUM([n, e])', inputs)).toEqual([3, 5, undefined]);
    expect(evaluateMath('SUM([e])', inputs)).toEqual([2, 5, undefined]);
    expect(() => evaluateMath('SUM([n, x])', inputs)).toThrow('x');
    expect(evaluateMath('MAX([n, e])', inputs)).toEqual([2, 5, undefined]);
    expect(evaluateMath('n - MAX([n - n, e])', { n: [4, 4], e: [3, undefined] })).toEqual([1, 4]);
  });

  it.each(['FILL(n, 0)', 'IF(n >= 20, 1)', 'n ? 1 : 0', 'x + n', 'n % 2', '[n, n]', 'SUM(n, n)', 'MAX(n)'])(
    'passes over nothing that it does not know: %s',
    (expression) => {
      expect(() => evaluateMath(expression, { n: [1] })).toThrow();
      expect(() => evaluateMath(expression, { n: [] })).toThrow();
    },
  );
});

it('tells which metrics an expression reads', () => {
  expect(idsOf('IF(n >= 1e3, 100 * w0 / n, SUM(all))')).toEqual(['n', 'w0', 'all']);
  expect(idsOf('1 + 2')).toEqual([]);
});

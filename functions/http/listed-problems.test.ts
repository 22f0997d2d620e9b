import { expect, it } from 'vitest';
import { listedProblems, MOST_PROBLEMS } from './listed-problems.ts';

const problem = (pointer: string) => ({
  pointer,
  code: 'unknown_field',
  detail: 'This field is not allowed.',
});
const numbered = (count: number) => Array.from({ length: count }, (_, index) => problem(`/field-${index}`));

it('lists each problem once, in the order found', () => {
  const [first, second] = [problem('/a'), { ...problem('/a'), code: 'repeated_field' }];
  expect(listedProblems([first, second, { ...first }])).toEqual({ listed: [first, second], more: 0 });
});

it.each([
  [MOST_PROBLEMS, 0],
  [MOST_PROBLEMS + 1, 1],
  [1_000, 1_000 - MOST_PROBLEMS],
])('of %i leaves %i out and counts them', (count, more) => {
  const { listed, more: left } = listedProblems([...numbered(count), ...numbered(count)]);
  expect(listed).toHaveLength(MOST_PROBLEMS);
  expect(left).toBe(more);
});

import { expect, test } from 'vitest';
import { createRandomSource } from './random-source.ts';

test('a ULID begins with its moment and is another one each time', () => {
  const random = createRandomSource();
  const at = '2031-05-06T07:08:09.123Z';
  const ids = Array.from({ length: 100 }, () => random.ulid(at));
  expect(new Set(ids).size).toBe(100);
  expect(new Set(ids.map((id) => id.slice(0, 10)))).toEqual(new Set(['01RAVVKJ13']));
  // A moment before the last one as well.
  expect(random.ulid('2024-01-01T00:00:00.000Z') < (ids[0] ?? '')).toBe(true);
});

test('hex gives two characters per byte', () => {
  expect(createRandomSource().hex(32)).toMatch(/^[0-9a-f]{64}$/);
});

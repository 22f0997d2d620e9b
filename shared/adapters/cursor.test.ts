import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor, INSTANT_AND_JOB, OUTCOME_POSITION } from './cursor.ts';

const POSITION = '2031-05-06T07:08:09.123Z#01RAVVKJ13CMR8AYGEVTR218CC';

test('a cursor gives back its position and shows nothing but safe characters', () => {
  const cursor = encodeCursor(POSITION);
  expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(decodeCursor(cursor, INSTANT_AND_JOB)).toBe(POSITION);
});

test('a position in the outcomes may be an hour alone or a row', () => {
  for (const position of ['2031-05-06T07:00:00.000Z', `${POSITION}#1`])
    expect(decodeCursor(encodeCursor(position), OUTCOME_POSITION)).toBe(position);
});

test.each([
  ['nothing', ''],
  ['no cursor', 'abc'],
  ['characters that no cursor has', '!!'],
  ['an over-long text', 'A'.repeat(5000)],
  ['a position of another list', encodeCursor('2031-05-06T07:00:00.000Z')],
  ['a position that reaches out of its list', encodeCursor('~')],
  ['a position with more behind it', encodeCursor(`${POSITION}#x`)],
  ['a month that there is not', encodeCursor(POSITION.replace('-05-', '-13-'))],
  ['a day that there is not', encodeCursor(POSITION.replace('-05-06T', '-02-30T'))],
  ['an hour that there is not', encodeCursor(POSITION.replace('T07:', 'T99:'))],
  ['JSON of a key', Buffer.from('{"pk":{"S":"JOB#1"}}').toString('base64url')],
])('%s is refused as invalid input, without repeating it', (_, cursor) => {
  expect(() => decodeCursor(cursor, INSTANT_AND_JOB)).toThrow(
    expect.objectContaining({ name: 'ProblemError', code: 'invalid_input' }),
  );
});

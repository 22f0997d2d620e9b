import { expect, it } from 'vitest';
import { readKeys } from './key-states.ts';

it('reads the keys by their names', () => {
  const data = 'arn:aws:kms:us-east-1:000000000000:key/1';
  expect([...readKeys(`data=${data},seal=${data}2`)]).toEqual([
    ['data', data],
    ['seal', `${data}2`],
  ]);
});

it.each(['', 'data', '=arn', 'data=arn,'])('refuses what would leave a key out: "%s"', (text) => {
  expect(() => readKeys(text)).toThrow('KEYS');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKeyedHash } from '../evidence/pseudonyms.ts';
import { loadRefs, refsOf } from './refs.ts';

const KEY = Buffer.alloc(32, 7);

test('keyed hashes are 26 characters of a–z and 2–7, whatever is hashed', () => {
  const refs = refsOf(KEY);
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(refs.medication(a, b)).toMatch(/^[a-z2-7]{26}$/);
    }),
    { numRuns: 50 },
  );
});

test('keyed hashes of people and tokens are known for what they are, wherever an entry carries them', () => {
  const refs = refsOf(KEY);
  const made = [refs.user('a'), refs.actor('a'), refs.token('a'), refs.medication('a', 'b')];
  expect(made.filter((one) => !isKeyedHash(one))).toEqual([]);
});

test('keyed hashes follow from key and input alone', async () => {
  const [a, b] = [refsOf(KEY), await loadRefs({ hashKey: async () => KEY })];
  expect(a.user('user-1')).toBe(b.user('user-1'));
  expect(refsOf(Buffer.alloc(32, 8)).user('user-1')).not.toBe(a.user('user-1'));
  // RFC 4648 base32 of HMAC-SHA256, pinned because every key in every table depends on it.
  expect(a.user('user-1')).toBe('skfanx4j6tg5bah7nhvbpbti4i');
});

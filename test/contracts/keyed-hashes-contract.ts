import { describe, expect, test } from 'vitest';
import type { KeyedHashes } from '#shared/operations/ports.ts';

/**
 * What every KeyedHashes promises.
 * @param make hashes of a new environment of one deployment, each time; the first call is that deployment's first
 */
export function keyedHashesContract(name: string, make: () => Promise<KeyedHashes>): void {
  /** Every hash that there is, of inputs that some are near to others. */
  const allOf = (hashes: KeyedHashes) => [
    hashes.user('x'),
    hashes.user('X'),
    hashes.user('x '),
    hashes.user('\u00e9'),
    // The same letter in two code points, and a half of a pair that UTF-8 has no bytes for.
    hashes.user('e\u0301'),
    hashes.user('\ud800'),
    hashes.user('\ufffd'),
    hashes.user(''),
    hashes.actor('x'),
    hashes.token('x'),
    hashes.fingerprint('x'),
    hashes.medication('x', 'x'),
    hashes.medication('xx', ''),
    hashes.medication('', 'xx'),
    hashes.medication('x","x', ''),
    hashes.idempotencyKey('x', 'x', 'x'),
    hashes.idempotencyKey('xx', 'x', ''),
    hashes.idempotencyKey('x', 'xx', ''),
    hashes.recall('rule', 'x'),
    hashes.recall('data_set', 'x'),
    hashes.recall('many', ''),
  ];

  describe(`${name}: keyed hashes`, () => {
    test('are the same in all environments, also of those that start at the same moment', async () => {
      const [first, ...others] = await Promise.all(Array.from({ length: 4 }, make));
      if (!first) throw new Error('Four environments were started.');
      for (const other of others) expect(allOf(other)).toEqual(allOf(first));
      expect(allOf(await make())).toEqual(allOf(first));
    });

    test('have 26 characters that are safe in keys and show nothing of the input', async () => {
      const hashes = await make();
      for (const hash of [...allOf(hashes), hashes.fingerprint('{"a":"ü"}'.repeat(5000))])
        expect(hash).toMatch(/^[a-z0-9]{26}$/);
    });

    test('differ by domain, by every character, and by where one part ends and the next begins', async () => {
      const all = allOf(await make());
      expect(new Set(all).size).toBe(all.length);
    });
  });
}

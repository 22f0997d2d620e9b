import { describe, expect, test } from 'vitest';
import type { KeyedHashes } from '#shared/operations/ports.ts';

/** What every KeyedHashes promises. @param make hashes under the same key each time */
export function keyedHashesContract(name: string, make: () => Promise<KeyedHashes>): void {
  describe(`${name}: keyed hashes`, () => {
    test('are the same for the same input, in every environment', async () => {
      const [a, b] = [await make(), await make()];
      expect(a.user('user-1')).toBe(b.user('user-1'));
      expect(a.medication('user-1', 'm')).toBe(b.medication('user-1', 'm'));
      expect(a.idempotencyKey('s', 'r', 'k')).toBe(b.idempotencyKey('s', 'r', 'k'));
    });

    test('have 26 safe characters that show nothing of the input', async () => {
      const hashes = await make();
      for (const hash of [hashes.user('user-1'), hashes.actor(''), hashes.fingerprint('{"a":"ü"}')])
        expect(hash).toMatch(/^[a-z0-9]{26}$/);
    });

    test('differ by domain, and by where one part ends and the next begins', async () => {
      const hashes = await make();
      const all = [
        hashes.user('x'),
        hashes.actor('x'),
        hashes.fingerprint('x'),
        hashes.medication('x', 'x'),
        hashes.medication('xx', ''),
        hashes.medication('', 'xx'),
        hashes.idempotencyKey('x', 'x', 'x'),
        hashes.idempotencyKey('xx', 'x', ''),
      ];
      expect(new Set(all).size).toBe(all.length);
    });
  });
}

import { describe, expect, test } from 'vitest';
import type { RandomSource } from '#shared/operations/ports.ts';
import { NOW } from './sample-jobs.ts';

/** What every RandomSource promises. */
export function randomSourceContract(name: string, make: () => RandomSource): void {
  describe(`${name}: a random source`, () => {
    test('makes ULIDs, another one each time, also for one moment', () => {
      const random = make();
      const ids = Array.from({ length: 200 }, () => random.ulid(NOW));
      expect(new Set(ids).size).toBe(200);
      // Crockford's alphabet; the first character holds three bits only.
      for (const id of ids) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    });

    test('makes ULIDs that begin with their moment, so that they sort by it, whatever the order of the calls', () => {
      const random = make();
      const moments = ['2031-05-06T07:08:09.124Z', '2026-01-01T00:00:00.000Z', '2031-05-06T07:08:09.123Z'];
      const byId = moments
        .map((at) => ({ at, id: random.ulid(at) }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ at }) => at);
      expect(byId).toEqual(moments.toSorted());
      expect(random.ulid('2031-05-06T07:08:09.123Z').slice(0, 10)).toBe('01RAVVKJ13');
    });

    test('gives two hexadecimal characters per byte, other ones each time', () => {
      const random = make();
      for (const bytes of [1, 16, 32, 100])
        expect(random.hex(bytes)).toMatch(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
      expect(random.hex(16)).not.toBe(random.hex(16));
    });
  });
}

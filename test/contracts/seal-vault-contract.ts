import { describe, expect, test } from 'vitest';
import type { SealVault } from '#shared/operations/seal-ports.ts';
import { unique } from './sample-jobs.ts';

/** What every SealVault promises. Each call of `make` gives an empty one. */
export function sealVaultContract(name: string, make: () => Promise<{ vault: SealVault }>): void {
  describe(`${name}: seal vault`, () => {
    test('that is empty has no latest seal, no seal and no part', async () => {
      const { vault } = await make();
      expect(await vault.latest()).toBeUndefined();
      expect(await vault.seal('2031-05-06T07')).toBeUndefined();
      expect(await vault.part('entries/none.jsonl.gz')).toBeUndefined();
      expect(await written(vault, '2031-05-06T00', '2031-05-07T00')).toEqual([]);
    });

    test('keeps the first seal of an hour', async () => {
      const { vault } = await make();
      expect(await vault.putSeal('2031-05-06T07', '{"first":1}')).toBe(true);
      expect(await vault.putSeal('2031-05-06T07', '{"second":1}')).toBe(false);
      expect(await vault.seal('2031-05-06T07')).toBe('{"first":1}');
      expect(await written(vault, '2031-05-06T00', '2031-05-07T00')).toEqual(['2031-05-06T07 1']);
    });

    test('takes one of two seals that come at once', async () => {
      const { vault } = await make();
      const answers = await Promise.all([
        vault.putSeal('2031-05-06T07', '{"a":1}'),
        vault.putSeal('2031-05-06T07', '{"b":1}'),
      ]);
      expect(answers.toSorted()).toEqual([false, true]);
    });

    test('knows the latest hour, over days, months and years', async () => {
      const { vault } = await make();
      for (const hour of ['2030-11-30T23', '2030-12-31T23', '2031-01-01T00', '2031-01-01T10']) {
        await vault.putSeal(hour, '{}');
        expect(await vault.latest()).toBe(hour);
      }
      expect(await written(vault, '2030-12-31T23', '2031-01-01T10')).toEqual([
        '2030-12-31T23 1',
        '2031-01-01T00 1',
      ]);
    });

    test('gives parts back as they came, and never writes over one', async () => {
      const { vault } = await make();
      const key = `entries/2031-05-06T07/${unique('part')}.jsonl.gz`;
      await vault.putPart(key, Buffer.from([1, 2, 3]));
      expect([...((await vault.part(key)) ?? [])]).toEqual([1, 2, 3]);
      const leaves = `leaves/2031-05-06T07/${unique('leaves')}.bin`;
      expect(await vault.leafHashes(leaves)).toBeUndefined();
      await vault.putLeafHashes(leaves, Buffer.from([4, 5]));
      expect([...((await vault.leafHashes(leaves)) ?? [])]).toEqual([4, 5]);
      await expect(vault.putPart(key, Buffer.from([4]))).rejects.toThrow();
      expect([...((await vault.part(key)) ?? [])]).toEqual([1, 2, 3]);
    });
  });
}

async function written(vault: SealVault, from: string, until: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { hour, writes } of vault.history(from, until)) found.push(`${hour} ${writes}`);
  return found;
}

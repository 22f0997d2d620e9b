import { describe, expect, test } from 'vitest';
import type { ReferencePack } from '#shared/clinical/reference/pack.ts';
import type { Reference } from '#shared/clinical/reference/reference.ts';
import type { ReferenceSource } from '#shared/jobs/ports.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { INVENTED, inventedPack } from '../builders/reference-packs.ts';

export const DAMAGES = ['missing', 'other bytes', 'not packed', 'unknown schema', 'contradicts'] as const;
export type Damage = (typeof DAMAGES)[number];

export interface ReferenceSourceUnderTest {
  /** A source as an environment of its own has it. */
  readonly environment: () => ReferenceSource;
  /** Brings a pack into use, or none; a damaged one is named by the pointer and cannot be used. */
  readonly use: (pack: ReferencePack | undefined, damage?: Damage) => Promise<void>;
  readonly passSeconds: (seconds: number) => void;
  readonly now: () => Instant;
}

const versionOf = (reference: Reference): string => reference.rules().data.version;
const knows = (reference: Reference, name: string): boolean => reference.lexicon().entries.has(name);

/** What every ReferenceSource promises. */
export function referenceSourceContract(name: string, make: () => Promise<ReferenceSourceUnderTest>): void {
  describe(`${name}: a source of reference data`, () => {
    test('answers with the built-in data where nothing was imported', async () => {
      const { environment } = await make();
      const reference = await environment().current();
      expect(knows(reference, 'warfarin')).toBe(true);
      expect(knows(reference, INVENTED.brand)).toBe(false);
      expect(versionOf(reference)).not.toContain('pack');
    });

    test('sees an imported pack after five minutes, and a new environment at once', async () => {
      const { environment, use, passSeconds } = await make();
      const source = environment();
      await source.current();
      await use(inventedPack());
      passSeconds(299);
      expect(knows(await source.current(), INVENTED.brand)).toBe(false);
      expect(knows(await environment().current(), INVENTED.brand)).toBe(true);
      passSeconds(1);
      const reference = await source.current();
      expect(knows(reference, INVENTED.brand)).toBe(true);
      expect(knows(reference, 'warfarin')).toBe(true);
      expect(versionOf(reference)).toMatch(/-pack-1$/);
    });

    test('keeps what it has loaded for as long as the same pack is in use', async () => {
      const { environment, use, passSeconds } = await make();
      await use(inventedPack());
      const source = environment();
      const [first, second] = await Promise.all([source.current(), source.current()]);
      expect(second).toBe(first);
      passSeconds(301);
      expect(await source.current()).toBe(first);
    });

    test('follows to another pack, and back to none', async () => {
      const { environment, use, passSeconds } = await make();
      const source = environment();
      const seen: string[] = [];
      for (const pack of [inventedPack(1), inventedPack(2), undefined]) {
        await use(pack);
        passSeconds(300);
        seen.push(versionOf(await source.current()).replace(/^[\d.]+-?/, ''));
      }
      expect(seen).toEqual(['pack-1', 'pack-2', '']);
    });

    test('answers at once with what stands since an instant that it has not asked for yet', async () => {
      const { environment, use, passSeconds, now } = await make();
      const source = environment();
      await source.current();
      const before = now();
      await use(inventedPack());
      passSeconds(1);
      expect(knows(await source.current(before), INVENTED.brand)).toBe(false);
      expect(knows(await source.current(now()), INVENTED.brand)).toBe(true);
      expect(knows(await source.current(), INVENTED.brand)).toBe(true);
    });

    test.each([inventedPack(), undefined])(
      'still answers with it when nothing has changed since',
      async (pack) => {
        const { environment, use, passSeconds, now } = await make();
        const source = environment();
        if (pack) await use(pack);
        const first = await source.current();
        passSeconds(1);
        expect(await source.current(now())).toBe(first);
      },
    );

    test.each(DAMAGES)('has no stand-in for what stands since an instant: %s', async (damage) => {
      const { environment, use, passSeconds, now } = await make();
      await use(inventedPack(1));
      const source = environment();
      const good = await source.current();
      await use(inventedPack(2), damage);
      passSeconds(1);
      await expect(source.current(now())).rejects.toMatchObject({ name: 'ReferencePackError' });
      await expect(source.current(now())).rejects.toMatchObject({ name: 'ReferencePackError' });
      expect(await source.current()).toBe(good);
      await use(inventedPack(3));
      expect(versionOf(await source.current(now()))).toMatch(/-pack-3$/);
    });

    test.each(DAMAGES)('keeps the last good pack when the next one is unusable: %s', async (damage) => {
      const { environment, use, passSeconds } = await make();
      await use(inventedPack(1));
      const source = environment();
      const good = await source.current();
      await use(inventedPack(2), damage);
      passSeconds(300);
      expect(await source.current()).toBe(good);
    });

    test.each(DAMAGES)(
      'answers nothing rather than less when its first pack is unusable: %s',
      async (damage) => {
        const { environment, use, passSeconds } = await make();
        const old = environment();
        await old.current();
        await use(inventedPack(1), damage);
        passSeconds(300);
        for (const source of [environment(), old])
          await expect(source.current()).rejects.toMatchObject({ name: 'ReferencePackError' });
        await use(inventedPack(2));
        expect(versionOf(await old.current())).toMatch(/-pack-2$/);
      },
    );
  });
}

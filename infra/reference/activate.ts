import type { PackPointer } from '#shared/contract/reference.ts';
import { latestVersion } from './latest-version.ts';
import type { PackStore } from './pack-store.ts';
import { pointerPart, usablePack } from './packing.ts';

/** What `activate` calls the state without any pack. */
export const NO_PACK = 'built-in';

/**
 * Brings a pack into use that was imported before, or the built-in data alone. Nothing is moved for a pack that a worker
 * could not use. A pointer that cannot be read is replaced, which mends it.
 * @returns what is in use now
 */
export async function activate(store: PackStore, id: string, now: string): Promise<PackPointer['pack']> {
  const standing = await store.pointer();
  const pack = id === NO_PACK ? null : pointerPart(await usablePack(store, id));
  await store.movePointer(
    {
      schema: 1,
      pack,
      activated_at: now,
      previous: standing?.pointer?.pack ?? null,
      latest: Math.max(await latestVersion(store, standing), pack?.version ?? 0),
    },
    standing,
  );
  return pack;
}

/** Back to what was in use before. Twice is where it began. */
export async function rollback(store: PackStore, now: string): Promise<PackPointer['pack']> {
  const { pointer, damage } = (await store.pointer()) ?? {};
  if (damage !== undefined)
    throw new Error(`${damage} What was in use before stood there, too: activate a pack by its id.`);
  if (pointer?.previous === undefined) throw new Error('Nothing was in use before.');
  return activate(store, pointer.previous?.id ?? NO_PACK, now);
}

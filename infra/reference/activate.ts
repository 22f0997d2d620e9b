import type { PackPointer } from '#shared/contract/reference.ts';
import type { PackStore } from './pack-store.ts';
import { pointerPart, usablePack } from './packing.ts';

/** What `activate` calls the state without any pack. */
export const NO_PACK = 'built-in';

/**
 * Brings a pack into use that was imported before, or the built-in data alone. Nothing is moved for a pack that a worker
 * could not use.
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
      previous: standing?.pointer.pack ?? null,
      latest: Math.max(standing?.pointer.latest ?? 0, pack?.version ?? 0),
    },
    standing,
  );
  return pack;
}

/** Back to what was in use before. Twice is where it began. */
export async function rollback(store: PackStore, now: string): Promise<PackPointer['pack']> {
  const { pointer } = (await store.pointer()) ?? {};
  if (pointer?.previous === undefined) throw new Error('Nothing was in use before.');
  return activate(store, pointer.previous?.id ?? NO_PACK, now);
}

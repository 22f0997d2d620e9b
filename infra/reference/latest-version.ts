import type { PackStore, StoredPointer } from './pack-store.ts';
import { unpack } from './packing.ts';

/** The highest version that was ever given: as the pointer says, or, when it cannot be read, as the packs that stand say. */
export async function latestVersion(store: PackStore, standing: StoredPointer | undefined): Promise<number> {
  if (standing?.pointer) return standing.pointer.latest;
  let latest = 0;
  if (standing) for (const id of await store.ids()) latest = Math.max(latest, await versionOf(store, id));
  return latest;
}

async function versionOf(store: PackStore, id: string): Promise<number> {
  const bytes = await store.pack(id);
  try {
    return bytes ? unpack(bytes).pack.version : 0;
  } catch {
    // One that is damaged, or too old for this version, gives no number; ids keep packs apart all the same.
    return 0;
  }
}

import type { PackStore, StoredPointer } from '#infra/reference/pack-store.ts';

/** The packs of a deployment, kept in memory; a test may look at them and change them. */
export function createInMemoryPacks(): PackStore & {
  readonly objects: Map<string, Uint8Array>;
  standing: StoredPointer | undefined;
} {
  const objects = new Map<string, Uint8Array>();
  let moves = 0;
  const packs: ReturnType<typeof createInMemoryPacks> = {
    objects,
    standing: undefined,
    pointer: async () => packs.standing,
    pack: async (id) => objects.get(id),
    ids: async () => [...objects.keys()].sort(),
    putPack: async (id, bytes) => {
      if (objects.has(id)) throw new Error('It stands already.');
      objects.set(id, bytes);
    },
    movePointer: async (pointer, over) => {
      if (packs.standing?.etag !== over?.etag) throw new Error('Somebody else has moved it.');
      moves += 1;
      packs.standing = { pointer, etag: `"${moves}"` };
    },
  };
  return packs;
}

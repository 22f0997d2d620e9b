/** Where a deployment's own reference data lies in its bucket. */
export const REFERENCE_KEYS = {
  /** Names the pack that is in use; written last, and only over the pointer that was read before. */
  pointer: 'reference/current.json',
  pack: (id: string): string => `reference/packs/${id}.json.gz`,
  packs: 'reference/packs/',
} as const;

/** Unpacked, a pack larger than this is refused: a worker holds it in memory. */
export const LARGEST_PACK_BYTES = 64 * 1024 * 1024;

/** What a pack's id looks like: when it was made, and the beginning of a hash of its parts. */
export const PACK_ID = /^\d{8}t\d{6}z-[0-9a-f]{12}$/;

export interface PackPointer {
  readonly schema: 1;
  /** `null`: the built-in data alone. */
  readonly pack: {
    readonly id: string;
    readonly version: number;
    /** Of the object as it lies there. */
    readonly sha256: string;
  } | null;
  readonly activated_at: string;
  /** The one before, for going back; absent: there was no pointer. */
  readonly previous?: PackPointer['pack'];
  /** The highest version that was ever given. */
  readonly latest: number;
}

/**
 * Reads the pointer as it is stored.
 * @throws Error that says what is wrong with it
 */
export function readPointer(text: string): PackPointer {
  const json: unknown = JSON.parse(text);
  if (typeof json !== 'object' || json === null) throw new Error('The pointer is no object.');
  const { schema, pack, activated_at, previous, latest } = { ...json } as Record<string, unknown>;
  if (schema !== 1) throw new Error('The pointer has a schema that is not known here.');
  if (!isPack(pack) || (previous !== undefined && !isPack(previous)))
    throw new Error('The pointer names no pack.');
  if (typeof activated_at !== 'string' || typeof latest !== 'number')
    throw new Error('The pointer lacks its time or its latest version.');
  return { schema, pack, activated_at, latest, ...(previous !== undefined && { previous }) };
}

function isPack(pack: unknown): pack is PackPointer['pack'] {
  if (pack === null) return true;
  if (typeof pack !== 'object') return false;
  const { id, version, sha256 } = { ...pack } as Record<string, unknown>;
  return (
    typeof id === 'string' && PACK_ID.test(id) && typeof version === 'number' && typeof sha256 === 'string'
  );
}

import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PACK_SCHEMA, type PackPart, type ReferencePack } from '#shared/clinical/reference/pack.ts';
import type { Reference } from '#shared/clinical/reference/reference.ts';
import { referenceWith } from '#shared/clinical/reference/reference-with.ts';
import { LARGEST_PACK_BYTES, type PackPointer } from '#shared/contract/reference.ts';
import type { PackStore } from './pack-store.ts';

/** A pack that can be used: it was opened as a worker opens it. */
export interface UsablePack {
  readonly pack: ReferencePack;
  readonly reference: Reference;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** @throws ReferenceDataError, NameDataError, Error when a worker could not use it */
export function packUp(parts: readonly PackPart[], version: number, created: string): UsablePack {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
  const time = created.replaceAll(/[-:]|\.\d+/g, '').toLowerCase();
  const pack = { schema: PACK_SCHEMA, id: `${time}-${digest}`, version, created, parts } as const;
  const text = Buffer.from(JSON.stringify(pack));
  if (text.length > LARGEST_PACK_BYTES)
    throw new Error(`The pack would be ${text.length} bytes large; a worker takes ${LARGEST_PACK_BYTES}.`);
  return unpack(gzipSync(text, { level: 9 }));
}

/** @throws Error that says what is wrong with the pack */
export function unpack(bytes: Uint8Array): UsablePack {
  const pack: ReferencePack = JSON.parse(
    gunzipSync(bytes, { maxOutputLength: LARGEST_PACK_BYTES }).toString(),
  );
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { pack, reference: referenceWith(pack), bytes, sha256 };
}

/** @throws Error when it is missing, damaged or cannot be used */
export async function usablePack(store: PackStore, id: string, sha256?: string): Promise<UsablePack> {
  const bytes = await store.pack(id);
  if (!bytes) throw new Error(`Pack ${id} is missing.`);
  const found = unpack(bytes);
  if (sha256 !== undefined && found.sha256 !== sha256)
    throw new Error(`Pack ${id} is damaged: its checksum is another one.`);
  if (found.pack.id !== id) throw new Error(`Under the name of pack ${id} lies pack ${found.pack.id}.`);
  return found;
}

export const pointerPart = ({ pack, sha256 }: UsablePack): NonNullable<PackPointer['pack']> => ({
  id: pack.id,
  version: pack.version,
  sha256,
});

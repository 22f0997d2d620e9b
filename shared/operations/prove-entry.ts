import type { AuditEntry } from '../evidence/audit-entry.ts';
import { type EntryProof, isSealedIn } from '../evidence/bundle.ts';
import { HASH_BYTES, proofAmong } from '../evidence/merkle-tree.ts';
import { readSeal } from '../evidence/read-seal.ts';
import { addHours, hourOf, LOOK_BACK_HOURS, lineOf, type Seal } from '../evidence/seal.ts';
import type { SealVault } from './seal-ports.ts';
import { leafObjects, leavesKey } from './sealed-lines.ts';

/** An entry, and the seal that holds it. */
export interface ProvedEntry {
  readonly proof: EntryProof;
  readonly seal: Seal;
}

/** Of larger hours a proof would take a request too long; an export makes it. */
const MOST_LEAVES = 500_000;

/**
 * The proof that an entry stands in a seal: in that of its hour, or, when it came late, in one of the next. Nothing when
 * none holds it yet. It reads hashes only, never what others did in that hour.
 */
export async function proveEntry(
  vault: Pick<SealVault, 'seal' | 'leafHashes'>,
  entry: AuditEntry,
): Promise<ProvedEntry | undefined> {
  for (let later = 0; later <= LOOK_BACK_HOURS; later += 1) {
    const hour = addHours(hourOf(entry.at), later);
    const text = await vault.seal(hour);
    // Seals have no gap: where one is missing there is none behind it.
    if (text === undefined) return undefined;
    const seal = readSeal(text);
    const found = seal && proofAmong(await hashesOf(vault, seal), Buffer.from(lineOf(entry)));
    if (!seal || !found) continue;
    const proof = { entryId: entry.entryId, hour, ...found };
    if (isSealedIn(entry, proof, seal)) return { proof, seal };
  }
  return undefined;
}

/** None when an object is missing, or when there are too many. */
async function hashesOf(vault: Pick<SealVault, 'leafHashes'>, seal: Seal): Promise<Buffer> {
  const leaves = seal.entries + seal.late;
  const first = seal.parts[0]?.key;
  if (first === undefined || leaves > MOST_LEAVES) return Buffer.alloc(0);
  const objects: Uint8Array[] = [];
  for (let index = 0; index < leafObjects(leaves); index += 1)
    objects.push((await vault.leafHashes(leavesKey(first, index))) ?? new Uint8Array());
  const hashes = Buffer.concat(objects);
  return hashes.length === leaves * HASH_BYTES ? hashes : Buffer.alloc(0);
}

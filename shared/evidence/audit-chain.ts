import { createHash } from 'node:crypto';
import type { AuditDraft, AuditEntry } from './audit-entry.ts';
import { canonicalJson } from './canonical-json.ts';

/** Position and hash of the last entry of a chain. */
export interface ChainHead {
  readonly chainSeq: number;
  readonly chainHash: string;
}

/** Where every chain begins: no entry yet, a hash of zeros. */
export const CHAIN_START: ChainHead = { chainSeq: 0, chainHash: '0'.repeat(64) };

/** SHA-256 (hex) over the canonical JSON of the entry without its own hash. */
export function hashEntry(entry: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(entry)).digest('hex');
}

/** An entry that belongs to no chain. */
export function standaloneEntry(draft: AuditDraft, entryId: string): AuditEntry {
  const entry = { v: 1, entryId, ...draft } as const;
  return { ...entry, hash: hashEntry(entry) };
}

/** The next entry of a job's chain, and the head that the job's row then carries. */
export function chainedEntry(
  draft: AuditDraft,
  entryId: string,
  head: ChainHead,
): { readonly entry: AuditEntry; readonly head: ChainHead } {
  const seq = head.chainSeq + 1;
  const unsealed = { v: 1, entryId, ...draft, seq, prevHash: head.chainHash } as const;
  const entry = { ...unsealed, hash: hashEntry(unsealed) };
  return { entry, head: { chainSeq: seq, chainHash: entry.hash } };
}

export type ChainFault =
  | { readonly at: number; readonly fault: 'hash_differs' | 'link_broken' | 'sequence_broken' }
  | { readonly at: number; readonly fault: 'head_differs' };

/**
 * Checks a whole chain from its first entry to the head that the job's row carries.
 * `undefined` when it is whole; otherwise the first fault and the position where it shows.
 */
export function verifyChain(entries: readonly AuditEntry[], head: ChainHead): ChainFault | undefined {
  let last = CHAIN_START;
  for (const entry of entries) {
    const at = last.chainSeq + 1;
    if (entry.seq !== at) return { at, fault: 'sequence_broken' };
    if (entry.prevHash !== last.chainHash) return { at, fault: 'link_broken' };
    const { hash, ...unsealed } = entry;
    if (hashEntry(unsealed) !== hash) return { at, fault: 'hash_differs' };
    last = { chainSeq: at, chainHash: hash };
  }
  return last.chainSeq === head.chainSeq && last.chainHash === head.chainHash
    ? undefined
    : { at: last.chainSeq, fault: 'head_differs' };
}

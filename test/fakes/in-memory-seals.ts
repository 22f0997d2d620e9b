import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { AUDIT_POSITION, decodeCursor, encodeCursor } from '#shared/adapters/cursor.ts';
import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import { type Hour, hourOf, type MalformedItem, placed, placedMalformed } from '#shared/evidence/seal.ts';
import type { AuditAbout, AuditPages } from '#shared/operations/audit-ports.ts';
import type { AuditTrail, SealVault, SignSeal } from '#shared/operations/seal-ports.ts';

/** A trail over entries that a test holds; it lists each under the hour that it says. */
export const createInMemoryTrail = (
  entries: () => Iterable<AuditEntry>,
  malformed: () => Iterable<MalformedItem> = () => [],
): AuditTrail => ({
  hour: async function* (hour) {
    const found = [...entries()]
      .filter(({ at }) => hourOf(at) === hour)
      .map((entry) => ({ ...placed(structuredClone(entry)), intact: true }));
    const others = [...malformed()]
      .filter((item) => item.hour === hour)
      .map((item) => ({ ...placedMalformed(item), intact: false }));
    yield* [...found, ...others].sort((a, b) => (a.place < b.place ? -1 : 1));
  },
});

/** The pages of that trail. */
export const createInMemoryAuditPages = (entries: () => Iterable<AuditEntry>): AuditPages => ({
  page: async (about, { from, to }, limit, after) => {
    const start = after === undefined ? undefined : decodeCursor(after, AUDIT_POSITION);
    const sort = ({ at, entryId }: AuditEntry) => `${at}#${entryId}`;
    const found = [...entries()]
      .filter((entry) => isAbout(entry, about) && entry.at >= from && entry.at < to)
      .filter((entry) => start === undefined || sort(entry) > start)
      .sort((a, b) => (sort(a) < sort(b) ? -1 : 1));
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return {
      entries: structuredClone(shown),
      unreadable: 0,
      ...(found.length > limit && last && { next: encodeCursor(sort(last)) }),
    };
  },
});

function isAbout(entry: AuditEntry, about: AuditAbout): boolean {
  if (about.by === 'job') return entry.jobId === about.jobId;
  const own = about.by === 'subject' ? entry.subjectRef : entry.actor.ref;
  return [about.ref, ...(about.pseudonyms ?? [])].some((ref) => ref === own);
}

export interface InMemoryVault extends SealVault {
  /** Every version of each seal, the newest last; an empty text is a delete marker. */
  readonly seals: Map<Hour, string[]>;
  readonly parts: Map<string, Uint8Array>;
  readonly leaves: Map<string, Uint8Array>;
}

/** The vault, open to whoever wants to forge. */
export function createInMemoryVault(): InMemoryVault {
  const seals = new Map<Hour, string[]>();
  const parts = new Map<string, Uint8Array>();
  const leaves = new Map<string, Uint8Array>();
  const standing = (hour: Hour): string | undefined => seals.get(hour)?.at(-1) || undefined;
  return {
    seals,
    parts,
    leaves,
    latest: async () =>
      [...seals.keys()]
        .filter((hour) => standing(hour) !== undefined)
        .sort()
        .at(-1),
    seal: async (hour) => standing(hour),
    putSeal: async (hour, text) => {
      if (standing(hour) !== undefined) return false;
      seals.set(hour, [...(seals.get(hour) ?? []), text]);
      return true;
    },
    part: async (key) => parts.get(key),
    putPart: async (key, bytes) => {
      if (parts.has(key)) throw new Error('A part is written once.');
      parts.set(key, bytes);
    },
    leafHashes: async (key) => leaves.get(key),
    putLeafHashes: async (key, bytes) => {
      leaves.set(key, bytes);
    },
    history: async function* (from, until) {
      for (const hour of [...seals.keys()].sort())
        if (hour >= from && hour < until) yield { hour, writes: seals.get(hour)?.length ?? 0 };
    },
  };
}

/** A key of the kind that KMS holds. */
export function createSealKey(): { readonly publicKey: KeyObject; readonly sign: SignSeal } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey,
    sign: async (text) => createSign('sha256').update(text).sign(privateKey, 'base64'),
  };
}

import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { AuditEntry } from '#shared/evidence/audit-entry.ts';
import { type Hour, hourOf, placed } from '#shared/evidence/seal.ts';
import type { AuditTrail, SealVault, SignSeal } from '#shared/operations/seal-ports.ts';

/** A trail over entries that a test holds; it lists each under the hour that it says. */
export const createInMemoryTrail = (entries: () => Iterable<AuditEntry>): AuditTrail => ({
  hour: async function* (hour) {
    yield* [...entries()]
      .filter(({ at }) => hourOf(at) === hour)
      .map((entry) => ({ entry: structuredClone(entry), ...placed(entry), intact: true }))
      .sort((a, b) => (a.place < b.place ? -1 : 1));
  },
});

export interface InMemoryVault extends SealVault {
  /** Every version of each seal, the newest last; an empty text is a delete marker. */
  readonly seals: Map<Hour, string[]>;
  readonly parts: Map<string, Uint8Array>;
}

/** The vault, open to whoever wants to forge. */
export function createInMemoryVault(): InMemoryVault {
  const seals = new Map<Hour, string[]>();
  const parts = new Map<string, Uint8Array>();
  const standing = (hour: Hour): string | undefined => seals.get(hour)?.at(-1) || undefined;
  return {
    seals,
    parts,
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

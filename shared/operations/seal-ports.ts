import type { Hour, PlacedEntry } from '../evidence/seal.ts';

/** What stands in the table under an hour: an entry, or an item that is none. */
export interface TrailEntry extends PlacedEntry {
  /** Its item is what the trail writes for such an entry: also the keys and attributes by which it is found. */
  readonly intact: boolean;
}

/** The audit trail by the hour. */
export interface AuditTrail {
  /** What stands under an hour, in the order of places; what is no entry comes last. What was written a moment ago may not be among them yet. */
  hour(hour: Hour): AsyncIterable<TrailEntry>;
}

/** Where seals and sealed lines lie. What lies there is never overwritten. */
export interface SealVault {
  /** The last hour that has a seal. */
  latest(): Promise<Hour | undefined>;
  /** The text of an hour's seal. */
  seal(hour: Hour): Promise<string | undefined>;
  /** False when one stands already. */
  putSeal(hour: Hour, text: string): Promise<boolean>;
  part(key: string): Promise<Uint8Array | undefined>;
  putPart(key: string, bytes: Uint8Array): Promise<void>;
  /** Hashes of leaves: they only shorten the way to a proof, and nothing is believed because of them. */
  leafHashes(key: string): Promise<Uint8Array | undefined>;
  putLeafHashes(key: string, bytes: Uint8Array): Promise<void>;
  /** How often the seal of each hour was written or deleted: of hours of `[from, until)` that have any, in order. */
  history(from: Hour, until: Hour): AsyncIterable<{ readonly hour: Hour; readonly writes: number }>;
}

/** Signs with the key of seals. @returns Base64 of the signature (DER) */
export type SignSeal = (text: string) => Promise<string>;

import { createHash } from 'node:crypto';
import { type Instant, instantOf, msOf } from '../lifecycle/instant.ts';
import type { AuditEntry } from './audit-entry.ts';
import { canonicalJson } from './canonical-json.ts';

/** An hour in UTC: `YYYY-MM-DDTHH`. */
export type Hour = string;

export const hourOf = (instant: Instant): Hour => instant.slice(0, 13);
export const hourStart = (hour: Hour): Instant => `${hour}:00:00.000Z`;
export const addHours = (hour: Hour, hours: number): Hour =>
  hourOf(instantOf(msOf(hourStart(hour)) + hours * 3_600_000));
export const isHour = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T\d{2}$/.test(text) && hourOf(instantOf(msOf(hourStart(text)) || 0)) === text;

/** How many hours after their own entries are still looked for; what was late is sealed by the next seal as `late`. */
export const LOOK_BACK_HOURS = 6;
/** Minutes after the end of an hour at which it is sealed. */
export const SEAL_MINUTE = 20;

/** One object of sealed lines: gzip over JSON lines. */
export interface SealPart {
  readonly key: string;
  /** Hex, of the object's bytes. */
  readonly sha256: string;
  readonly lines: number;
}

/** What one signature stands for: all audit entries of an hour, and the seal of the hour before. */
export interface Seal {
  readonly v: 1;
  readonly hour: Hour;
  /** 1, 2, 3 … without a gap. */
  readonly sequence: number;
  /** Entries of this hour; their lines come first. */
  readonly entries: number;
  /** Entries of earlier hours that were not there yet when their hour was sealed; their lines come after. */
  readonly late: number;
  /** Root of the Merkle tree over the lines, in their order. */
  readonly root: string;
  readonly parts: readonly SealPart[];
  /** Hash of the seal of the hour before; zeros: there is none. */
  readonly previous: string;
  /** Which access table was in force. */
  readonly policyVersion: string;
  readonly sealedAt: Instant;
  /** ARN of the key that signed. */
  readonly keyId: string;
  /** Base64 of ECDSA over P-256 and SHA-256 (DER), of the canonical JSON of everything above. */
  readonly signature: string;
}

export type UnsignedSeal = Omit<Seal, 'signature'>;

/** What the first seal has in the place of the one before. */
export const NO_SEAL = '0'.repeat(64);

export const signedText = (seal: UnsignedSeal): string => canonicalJson(seal);
export const sealText = (seal: Seal): string => canonicalJson(seal);

/** SHA-256 (hex) of the seal as it lies in its object, signature and all: what the next seal is linked to. */
export const hashSeal = (seal: Seal): string => createHash('sha256').update(sealText(seal)).digest('hex');

/** An entry as it is sealed: one line. */
export const lineOf = (entry: AuditEntry): string => canonicalJson(entry);

/** What entries of an hour are ordered by; the hash only decides between entries that nobody should have made alike. */
export const placeOf = ({ at, entryId, hash }: Pick<AuditEntry, 'at' | 'entryId' | 'hash'>): string =>
  `${at}#${entryId}#${hash}`;

/** An entry of one hour that stands in the trail. */
export interface PlacedEntry {
  readonly place: string;
  readonly line: string;
  /** Absent: what stands there is no entry. */
  readonly entry?: AuditEntry;
}

export const placed = (entry: AuditEntry): PlacedEntry & { readonly entry: AuditEntry } => ({
  place: placeOf(entry),
  line: lineOf(entry),
  entry,
});

/** An item under an hour of the trail that is no entry: it is sealed by its hash, whatever it holds. */
export interface MalformedItem {
  readonly v: 1;
  readonly malformed: true;
  readonly hour: Hour;
  /** SHA-256 (hex) over the item as it is stored. */
  readonly hash: string;
}

/** After all entries of its hour: a tilde comes after the colon of every time. */
export const placedMalformed = (item: MalformedItem): PlacedEntry => ({
  place: `${item.hour}~#${item.hash}`,
  line: canonicalJson(item),
});

export const hourOfPlace = (place: string): Hour => place.slice(0, 13);

/** What is known as the same thing. Of entries without the hash, which tells apart only what nobody should have made alike. */
export const identityOf = ({ place, entry }: PlacedEntry): string =>
  entry ? place.slice(0, place.lastIndexOf('#')) : place;

/** Streams that are each in the order of `place`, as one. Of each one item is held at a time. */
export async function* mergeOrdered<T extends { readonly place: string }>(
  streams: readonly AsyncIterable<T>[],
): AsyncGenerator<T> {
  const heads: { readonly from: AsyncIterator<T>; item: T }[] = [];
  for (const stream of streams) {
    const from = stream[Symbol.asyncIterator]();
    const first = await from.next();
    if (!first.done) heads.push({ from, item: first.value });
  }
  for (;;) {
    const [first, ...others] = heads;
    if (!first) return;
    const least = others.reduce((a, b) => (b.item.place < a.item.place ? b : a), first);
    yield least.item;
    const next = await least.from.next();
    if (next.done) heads.splice(heads.indexOf(least), 1);
    else least.item = next.value;
  }
}

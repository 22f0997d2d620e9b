import { createHash } from 'node:crypto';
import type { JsonItem } from '../ports.ts';

const BITS = 256n;

/**
 * The hash of a set of items, whatever their order: the sum of their hashes. Two tables that hold the same have the same
 * one, however they are read. It finds mistakes; against whoever makes items up there are signatures.
 */
export class ContentHash {
  #sum = 0n;
  #items = 0;

  /** Goes on from what `text` told. */
  static from(text: string): ContentHash {
    const [items = '', sum = ''] = text.split(':');
    const hash = new ContentHash();
    hash.#items = Number(items);
    hash.#sum = BigInt(`0x${sum}`);
    return hash;
  }

  add(digest: bigint): void {
    this.#sum = BigInt.asUintN(Number(BITS), this.#sum + digest);
    this.#items += 1;
  }

  /** Takes away what was added before. */
  remove(digest: bigint): void {
    this.#sum = BigInt.asUintN(Number(BITS), this.#sum - digest);
    this.#items -= 1;
  }

  get items(): number {
    return this.#items;
  }

  /** Hex, with the number of items before it: none is the same as that of a table with more or fewer. */
  text(): string {
    return `${this.#items}:${this.#sum.toString(16).padStart(Number(BITS) / 4, '0')}`;
  }
}

/** Hash of one item in DynamoDB JSON, the same for the same item however its members and sets are ordered. */
export const itemDigest = (item: JsonItem): bigint => BigInt(`0x${keyDigest(item)}`);

/** The same as hex: for keys, by which items are told apart. */
export const keyDigest = (item: JsonItem): string =>
  createHash('sha256')
    .update(JSON.stringify(ordered(item)))
    .digest('hex');

function ordered(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(ordered);
  if (typeof json !== 'object' || json === null) return json;
  return Object.entries(json)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [
      name,
      SETS.has(name) && Array.isArray(value) ? value.toSorted() : ordered(value),
    ]);
}

const SETS: ReadonlySet<string> = new Set(['SS', 'NS', 'BS']);

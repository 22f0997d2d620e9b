import { createHash } from 'node:crypto';

// Hashes and proofs as RFC 6962 has them, section 2.1: a leaf can never be taken for a node, because each is hashed with a
// prefix of its own, and every number of leaves has exactly one tree.

const LEAF = Buffer.of(0x00);
const NODE = Buffer.of(0x01);

/** How the root follows from one leaf: the hashes (hex) of the subtrees beside its way, the nearest first. */
export interface InclusionProof {
  readonly index: number;
  /** Leaves of the whole tree. */
  readonly size: number;
  readonly path: readonly string[];
}

export const leafHash = (leaf: Uint8Array): Buffer => createHash('sha256').update(LEAF).update(leaf).digest();

const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256').update(NODE).update(left).update(right).digest();

/** The root of leaves that come one after the other. It keeps one hash for each power of two, however many come. */
export class MerkleTree {
  readonly #perfect: { readonly size: number; readonly hash: Buffer }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns the hash of the leaf */
  add(leaf: Uint8Array): Buffer {
    const own = leafHash(leaf);
    let [size, hash] = [1, own];
    for (let last = this.#perfect.at(-1); last?.size === size; last = this.#perfect.at(-1)) {
      this.#perfect.pop();
      [size, hash] = [size * 2, nodeHash(last.hash, hash)];
    }
    this.#perfect.push({ size, hash });
    this.#size += 1;
    return own;
  }

  /** Hex. The root of no leaves is the hash of nothing. */
  root(): string {
    const [last, ...before] = this.#perfect.toReversed();
    if (!last) return createHash('sha256').digest('hex');
    return before.reduce((right, { hash }) => nodeHash(hash, right), last.hash).toString('hex');
  }
}

/**
 * Proofs for some leaves of a tree, from one walk over all of its leaves; the tree itself is never held.
 * @param indexes each below `size`, which is the number of leaves that will be added
 */
export class ProofWalk {
  readonly #size: number;
  readonly #wanted: readonly { readonly index: number; readonly beside: readonly Beside[] }[];
  #at = 0;

  constructor(indexes: readonly number[], size: number) {
    this.#size = size;
    this.#wanted = indexes.map((index) => ({ index, beside: besideOf(index, size) }));
  }

  add(leaf: Uint8Array): void {
    for (const { beside } of this.#wanted)
      for (const { from, until, tree } of beside) if (this.#at >= from && this.#at < until) tree.add(leaf);
    this.#at += 1;
  }

  /** In the order of `indexes`. @throws Error when not all leaves have been added */
  proofs(): readonly InclusionProof[] {
    if (this.#at !== this.#size) throw new Error('The proofs of a tree take all of its leaves.');
    return this.#wanted.map(({ index, beside }) => ({
      index,
      size: this.#size,
      path: beside.map(({ tree }) => tree.root()),
    }));
  }
}

/** Bytes of one hash. */
export const HASH_BYTES = 32;

/**
 * The proof of one leaf from the hashes of all leaves, one after the other; nothing when it is none of them. Whether
 * these are the leaves of a certain tree is not asked: `isIncluded` tells.
 */
export function proofAmong(hashes: Buffer, leaf: Uint8Array): InclusionProof | undefined {
  const size = hashes.length / HASH_BYTES;
  const wanted = leafHash(leaf);
  let at = hashes.indexOf(wanted);
  while (at % HASH_BYTES > 0) at = hashes.indexOf(wanted, at + 1);
  if (at < 0) return undefined;
  const index = at / HASH_BYTES;
  const path = besideOf(index, size).map(({ from, until }) => rootOf(hashes, from, until).toString('hex'));
  return { index, size, path };
}

function rootOf(hashes: Buffer, from: number, until: number): Buffer {
  if (until - from === 1) return hashes.subarray(from * HASH_BYTES, until * HASH_BYTES);
  const middle = from + largestPowerBelow(until - from);
  return nodeHash(rootOf(hashes, from, middle), rootOf(hashes, middle, until));
}

/** Whether a leaf stands at that place of the tree with that root (hex). A proof of any other form is none. */
export function isIncluded(leaf: Uint8Array, { index, size, path }: InclusionProof, root: string): boolean {
  const placed = Number.isSafeInteger(size) && Number.isSafeInteger(index) && index >= 0 && index < size;
  if (!placed || !path.every((hash) => /^[0-9a-f]{64}$/.test(hash))) return false;
  const beside = besideOf(index, size);
  if (beside.length !== path.length) return false;
  const top = beside.reduce((hash, { onTheLeft }, level) => {
    const other = Buffer.from(path[level] ?? '', 'hex');
    return onTheLeft ? nodeHash(other, hash) : nodeHash(hash, other);
  }, leafHash(leaf));
  return top.toString('hex') === root;
}

interface Beside {
  readonly from: number;
  readonly until: number;
  readonly onTheLeft: boolean;
  readonly tree: MerkleTree;
}

/** The subtrees beside the way from the root to a leaf, the one nearest to the leaf first. */
function besideOf(index: number, size: number): readonly Beside[] {
  const found: Beside[] = [];
  let [from, until] = [0, size];
  while (until - from > 1) {
    const middle = from + largestPowerBelow(until - from);
    const onTheLeft = index >= middle;
    const range = onTheLeft ? { from, until: middle } : { from: middle, until };
    found.unshift({ ...range, onTheLeft, tree: new MerkleTree() });
    [from, until] = onTheLeft ? [middle, until] : [from, middle];
  }
  return found;
}

/** The largest power of two below `count`, which is 2 or more. */
function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

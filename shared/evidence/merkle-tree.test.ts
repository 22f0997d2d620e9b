import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type InclusionProof,
  isIncluded,
  leafHash,
  MerkleTree,
  ProofWalk,
  proofAmong,
} from './merkle-tree.ts';

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** The definition of RFC 6962, section 2.1, word by word. */
function rootByDefinition(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves;
  if (!first) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), first);
  const middle = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256(
    Buffer.of(1),
    rootByDefinition(leaves.slice(0, middle)),
    rootByDefinition(leaves.slice(middle)),
  );
}

function rootOf(leaves: readonly Uint8Array[]): string {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}

function proofsOf(leaves: readonly Uint8Array[], indexes: readonly number[]): readonly InclusionProof[] {
  const walk = new ProofWalk(indexes, leaves.length);
  for (const leaf of leaves) walk.add(leaf);
  return walk.proofs();
}

const leaf = fc.uint8Array({ maxLength: 40 });
const tree = fc.array(leaf, { minLength: 1, maxLength: 70 });
const chosen = tree.chain((leaves) => fc.tuple(fc.constant(leaves), fc.nat({ max: leaves.length - 1 })));

describe('a Merkle tree', () => {
  // The leaves and roots that implementations of certificate logs test themselves with.
  it.each([
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('of the first %i known leaves has the known root', (count, root) => {
    const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'];
    const all = [...leaves, '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'));
    expect(rootOf(all.slice(0, count))).toBe(root);
  });

  it('of no leaves has the hash of nothing', () => {
    expect(rootOf([])).toBe(sha256().toString('hex'));
  });

  it('has the root of the definition', () => {
    fc.assert(
      fc.property(tree, (leaves) => {
        expect(rootOf(leaves)).toBe(rootByDefinition(leaves).toString('hex'));
      }),
    );
  });

  it('takes no node for a leaf', () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')];
    expect(rootOf([Buffer.concat([leafHash(a), leafHash(b)])])).not.toBe(rootOf([a, b]));
  });
});

describe('an inclusion proof', () => {
  it('holds for every leaf, and for no other leaf, place, size or root', () => {
    fc.assert(
      fc.property(chosen, leaf, ([leaves, index], other) => {
        const [proof] = proofsOf(leaves, [index]);
        const mine = leaves[index];
        if (!proof || !mine) throw new Error('The tree has that leaf.');
        const root = rootOf(leaves);
        expect(isIncluded(mine, proof, root)).toBe(true);
        if (Buffer.compare(other, mine) !== 0) expect(isIncluded(other, proof, root)).toBe(false);
        expect(isIncluded(mine, proof, rootOf([...leaves, mine]))).toBe(false);
        expect(isIncluded(mine, { ...proof, path: proof.path.slice(1) }, root)).toBe(proof.path.length === 0);
        expect(isIncluded(mine, { ...proof, path: [...proof.path, root] }, root)).toBe(false);
        expect(isIncluded(mine, { ...proof, index: leaves.length }, root)).toBe(false);
        expect(isIncluded(mine, { ...proof, index: -1 }, root)).toBe(false);
      }),
    );
  });

  it('shows the place: elsewhere in the tree it holds only for the same leaf', () => {
    fc.assert(
      fc.property(chosen, fc.nat({ max: 69 }), ([leaves, index], nat) => {
        const elsewhere = nat % leaves.length;
        const [proof] = proofsOf(leaves, [index]);
        const [mine, there] = [leaves[index], leaves[elsewhere]];
        if (!proof || !mine || !there) throw new Error('The tree has these leaves.');
        const same = elsewhere === index;
        // Leaves that are alike, beside each other, prove each other's place by the same path.
        if (same || Buffer.compare(mine, there) !== 0)
          expect(isIncluded(mine, { ...proof, index: elsewhere }, rootOf(leaves))).toBe(same);
      }),
    );
  });

  it('comes for many leaves out of one walk', () => {
    const leaves = Array.from({ length: 37 }, (_, index) => Buffer.from(String(index)));
    const indexes = [36, 0, 17, 17];
    const proofs = proofsOf(leaves, indexes);
    expect(proofs.map(({ index }) => index)).toEqual(indexes);
    for (const proof of proofs)
      expect(isIncluded(leaves[proof.index] ?? Buffer.of(), proof, rootOf(leaves))).toBe(true);
  });

  it('is not made of a part of the leaves', () => {
    const walk = new ProofWalk([0], 2);
    walk.add(Buffer.of(1));
    expect(() => walk.proofs()).toThrow('all of its leaves');
  });

  it.each([['xyz'], ['AB'.repeat(32)], ['']])('with %j for a hash is none', (hash) => {
    expect(isIncluded(Buffer.of(1), { index: 0, size: 2, path: [hash] }, '')).toBe(false);
  });
});

describe('a proof from the hashes of all leaves', () => {
  const leaves = Array.from({ length: 70 }, (_, index) => Buffer.from(`leaf-${index}`));

  it('is the one that a walk over the leaves gives', () => {
    for (const size of [1, 2, 3, 7, 8, 31, 70]) {
      const tree = new MerkleTree();
      const hashes = Buffer.concat(leaves.slice(0, size).map((leaf) => tree.add(leaf)));
      for (let index = 0; index < size; index += 1) {
        const walk = new ProofWalk([index], size);
        for (const leaf of leaves.slice(0, size)) walk.add(leaf);
        const proof = proofAmong(hashes, leaves[index] ?? Buffer.of());
        expect([proof]).toEqual(walk.proofs());
        expect(
          isIncluded(leaves[index] ?? Buffer.of(), proof ?? { index: 0, size: 0, path: [] }, tree.root()),
        ).toBe(true);
      }
    }
  });

  it('is none for what is no leaf, also where its hash stands across two others', () => {
    const hash = leafHash(Buffer.from('x'));
    const shifted = Buffer.concat([Buffer.alloc(16), hash, Buffer.alloc(16)]);
    expect(proofAmong(shifted, Buffer.from('x'))).toBeUndefined();
    expect(proofAmong(Buffer.alloc(0), Buffer.from('x'))).toBeUndefined();
    expect(proofAmong(Buffer.concat([shifted, hash]), Buffer.from('x'))).toMatchObject({ index: 2, size: 3 });
  });
});

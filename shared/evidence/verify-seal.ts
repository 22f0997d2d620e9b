import { type KeyObject, verify } from 'node:crypto';
import { hashEntry } from './audit-chain.ts';
import type { AuditEntry } from './audit-entry.ts';
import { MerkleTree } from './merkle-tree.ts';
import { readPlaced } from './read-seal.ts';
import { addHours, hashSeal, hourOfPlace, NO_SEAL, type PlacedEntry, type Seal, signedText } from './seal.ts';

/** What can be wrong with a seal or with what it stands for. */
export type SealFault =
  /** The hour has no seal although it should. */
  | 'seal_missing'
  | 'seal_malformed'
  /** Its object was overwritten or deleted: an object of a seal is written once. */
  | 'seal_overwritten'
  | 'signature_invalid'
  | 'link_broken'
  | 'part_missing'
  | 'part_differs'
  | 'line_malformed'
  | 'entry_hash_differs'
  | 'order_broken'
  | 'entry_misplaced'
  | 'count_differs'
  | 'root_differs';

/** Whether the seal was signed with that key. */
export const isSigned = ({ signature, ...unsigned }: Seal, key: KeyObject): boolean => {
  try {
    const bytes = Buffer.from(signature, 'base64');
    // Base64 has several spellings of some bytes; only the one that was written counts.
    if (bytes.toString('base64') !== signature) return false;
    return verify('sha256', Buffer.from(signedText(unsigned)), key, bytes);
  } catch {
    // Not even the form of a signature of this key.
    return false;
  }
};

/** Whether a seal follows the one before; without one, whether it is the first of all. */
export const follows = (seal: Seal, before: Seal | undefined): boolean =>
  before
    ? seal.sequence === before.sequence + 1 &&
      seal.hour === addHours(before.hour, 1) &&
      seal.previous === hashSeal(before)
    : seal.sequence === 1 && seal.previous === NO_SEAL;

/** Holds the lines of a seal against it, one after the other: nothing of them is kept. */
export class LineCheck {
  readonly #seal: Seal;
  readonly #tree = new MerkleTree();
  readonly #faults = new Set<SealFault>();
  #last = '';

  constructor(seal: Seal) {
    this.#seal = seal;
  }

  /** @returns what the line stands for, when it is the line of an entry, or of an item that is none */
  add(line: string): PlacedEntry | undefined {
    const late = this.#tree.size >= this.#seal.entries;
    if (this.#tree.size === this.#seal.entries) this.#last = '';
    this.#tree.add(Buffer.from(line));
    const found = readPlaced(line);
    if (!found) {
      this.#faults.add('line_malformed');
      return undefined;
    }
    const { place, entry } = found;
    if (entry && !hasOwnHash(entry)) this.#faults.add('entry_hash_differs');
    if (place <= this.#last) this.#faults.add('order_broken');
    const hour = hourOfPlace(place);
    if (late ? hour >= this.#seal.hour : hour !== this.#seal.hour) this.#faults.add('entry_misplaced');
    this.#last = place;
    return found;
  }

  /** What was wrong, once all lines have been added. */
  faults(): readonly SealFault[] {
    const { entries, late, root, parts } = this.#seal;
    const lines = parts.reduce((sum, part) => sum + part.lines, 0);
    if (this.#tree.size !== entries + late || lines !== entries + late) this.#faults.add('count_differs');
    if (this.#tree.root() !== root) this.#faults.add('root_differs');
    return [...this.#faults];
  }
}

const hasOwnHash = ({ hash, ...unhashed }: AuditEntry): boolean => hashEntry(unhashed) === hash;

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { PermanentError } from '../errors/attempt-error.ts';
import { MerkleTree } from '../evidence/merkle-tree.ts';
import type { Seal, SealPart } from '../evidence/seal.ts';
import type { SealVault } from './seal-ports.ts';

/** A part is written when it holds so many characters: what a seal costs in memory, however much an hour holds. */
const PART_CHARACTERS = 4 * 1024 * 1024;
/** Unpacked, a part is no larger than the last line makes it. */
const LARGEST_PART_BYTES = 64 * 1024 * 1024;

/** Hashes of leaves in one object: 8 MB of them. */
const LEAVES_OF_OBJECT = 262_144;

/** Where the hashes of the leaves of a run lie, by the key of its first part. */
export const leavesKey = (firstPart: string, index: number): string =>
  firstPart.replace(/^entries\//, 'leaves/').replace(/-\d+\.jsonl\.gz$/, `-${numbered(index)}.bin`);

const numbered = (index: number): string => String(index + 1).padStart(5, '0');

/** How many objects hold the hashes of so many leaves. */
export const leafObjects = (leaves: number): number => Math.ceil(leaves / LEAVES_OF_OBJECT);

/** Writes lines in parts, as they come, builds their tree, and keeps the hashes of its leaves beside them. */
export class LineWriter {
  readonly parts: SealPart[] = [];
  readonly tree = new MerkleTree();
  readonly #vault: Pick<SealVault, 'putPart' | 'putLeafHashes'>;
  readonly #prefix: string;
  #lines: string[] = [];
  #characters = 0;

  #leaves: Buffer[] = [];
  #leafObjects = 0;

  constructor(vault: Pick<SealVault, 'putPart' | 'putLeafHashes'>, prefix: string) {
    this.#vault = vault;
    this.#prefix = prefix;
  }

  async add(line: string): Promise<void> {
    this.#leaves.push(this.tree.add(Buffer.from(line)));
    if (this.#leaves.length >= LEAVES_OF_OBJECT) await this.endLeaves();
    this.#lines.push(line);
    this.#characters += line.length;
    if (this.#characters >= PART_CHARACTERS) await this.endPart();
  }

  async endPart(): Promise<void> {
    if (this.#lines.length === 0) return;
    const bytes = await promisify(gzip)(`${this.#lines.join('\n')}\n`);
    const key = this.#partKey(this.parts.length);
    await this.#vault.putPart(key, bytes);
    this.parts.push({ key, sha256: sha256(bytes), lines: this.#lines.length });
    this.#lines = [];
    this.#characters = 0;
  }

  async endLeaves(): Promise<void> {
    if (this.#leaves.length === 0) return;
    await this.#vault.putLeafHashes(
      leavesKey(this.#partKey(0), this.#leafObjects),
      Buffer.concat(this.#leaves),
    );
    this.#leafObjects += 1;
    this.#leaves = [];
  }

  #partKey(index: number): string {
    return `${this.#prefix}-${numbered(index)}.jsonl.gz`;
  }
}

/** Why the lines of a part cannot be had. */
export type PartFault = 'part_missing' | 'part_differs';

/** The lines of one part. */
export async function linesOfPart(
  vault: Pick<SealVault, 'part'>,
  part: SealPart,
): Promise<readonly string[] | PartFault> {
  const bytes = await vault.part(part.key);
  if (!bytes) return 'part_missing';
  if (sha256(bytes) !== part.sha256) return 'part_differs';
  const text = (await promisify(gunzip)(bytes, { maxOutputLength: LARGEST_PART_BYTES })).toString();
  const lines = text.split('\n');
  return lines.pop() === '' && lines.length === part.lines ? lines : 'part_differs';
}

/**
 * The lines of a seal, one part at a time.
 * @param which `entries`: of its own hour; `late`: of earlier ones
 * @throws PermanentError when a part is missing or not the sealed one
 */
export async function* linesOf(
  vault: Pick<SealVault, 'part'>,
  seal: Seal,
  which: 'entries' | 'late',
): AsyncGenerator<string> {
  let before = 0;
  for (const part of seal.parts) {
    // Late lines begin with a part of their own.
    const late = before >= seal.entries;
    before += part.lines;
    if (late !== (which === 'late')) continue;
    const lines = await linesOfPart(vault, part);
    if (typeof lines === 'string')
      throw new PermanentError('sealed_lines_damaged', `A part of the seal of ${seal.hour}: ${lines}.`);
    yield* lines;
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

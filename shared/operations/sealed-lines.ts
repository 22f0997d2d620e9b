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

/** Writes lines in parts, as they come, and builds their tree. */
export class LineWriter {
  readonly parts: SealPart[] = [];
  readonly tree = new MerkleTree();
  readonly #vault: Pick<SealVault, 'putPart'>;
  readonly #prefix: string;
  #lines: string[] = [];
  #characters = 0;

  constructor(vault: Pick<SealVault, 'putPart'>, prefix: string) {
    this.#vault = vault;
    this.#prefix = prefix;
  }

  async add(line: string): Promise<void> {
    this.tree.add(Buffer.from(line));
    this.#lines.push(line);
    this.#characters += line.length;
    if (this.#characters >= PART_CHARACTERS) await this.endPart();
  }

  async endPart(): Promise<void> {
    if (this.#lines.length === 0) return;
    const bytes = await promisify(gzip)(`${this.#lines.join('\n')}\n`);
    const key = `${this.#prefix}-${String(this.parts.length + 1).padStart(5, '0')}.jsonl.gz`;
    await this.#vault.putPart(key, bytes);
    this.parts.push({ key, sha256: sha256(bytes), lines: this.#lines.length });
    this.#lines = [];
    this.#characters = 0;
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

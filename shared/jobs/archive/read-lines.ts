import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ArchiveReader } from '../ports.ts';
import type { ListedFile } from './backup-manifest.ts';
import { sha256Of } from './put-object.ts';

/** Unpacked at a time: with fewer buffers there is less for the collector to run after. */
const CHUNK_BYTES = 256 * 1024;

/** A file of a backup is not what the backup says that it is. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
}

/** Compressed bytes that are held. The parts of a scan have some eight megabytes; how large a file of an export is, AWS says nowhere. */
const HELD_BYTES = 32 * 1024 * 1024;

/**
 * The lines of one data file, once its checksum has been compared. A file of usual size is held compressed; a larger one is
 * read twice, piece by piece. The lines are not held.
 * @throws DamagedFileError when it is missing, differs, cannot be unpacked, or has more or fewer lines
 */
export async function* readFileLines(archive: ArchiveReader, file: ListedFile): AsyncGenerator<string> {
  const compressed = file.bytes > HELD_BYTES ? await streamed(archive, file) : await held(archive, file);
  let lines = 0;
  // Of a partition without items DynamoDB writes an empty file, which is no gzip.
  const unpacked = file.bytes === 0 ? [] : unpackedLines(file.key, compressed);
  for await (const line of unpacked) {
    lines += 1;
    yield line;
  }
  if (lines !== file.items)
    throw new DamagedFileError(`${file.key} has ${lines} lines where ${file.items} are told.`);
}

async function held(archive: ArchiveReader, { key, sha256 }: ListedFile): Promise<Iterable<Uint8Array>> {
  const bytes = await archive.get(key);
  if (!bytes) throw missing(key);
  if (sha256Of(bytes) !== sha256) throw differs(key);
  return [bytes];
}

async function streamed(
  archive: ArchiveReader,
  { key, sha256 }: ListedFile,
): Promise<AsyncIterable<Uint8Array>> {
  const hash = createHash('sha256');
  for await (const piece of (await archive.stream(key)) ?? []) hash.update(piece);
  if (hash.digest('hex') !== sha256) throw differs(key);
  const again = await archive.stream(key);
  if (!again) throw missing(key);
  return again;
}

const missing = (key: string) => new DamagedFileError(`${key} is missing.`);
const differs = (key: string) => new DamagedFileError(`${key} differs from its checksum.`);

async function* unpackedLines(
  key: string,
  compressed: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  // Its failures are those of what it feeds, which is read below.
  pipeline(Readable.from(compressed), unpacked).catch(() => undefined);
  // A character may begin in one chunk and end in the next.
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of unpacked) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new DamagedFileError(`${key} cannot be unpacked.`);
    throw error;
  }
  // Where a file ends is told by its checksum; whether its last line ends as well is not said of those that AWS writes.
  if (rest !== '') yield rest;
}

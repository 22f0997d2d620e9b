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

/**
 * The lines of one data file, once its checksum has been compared. The compressed bytes are held, the lines are not.
 * @throws DamagedFileError when it is missing, differs, cannot be unpacked, or has more or fewer lines
 */
export async function* readFileLines(archive: ArchiveReader, file: ListedFile): AsyncGenerator<string> {
  const bytes = await archive.get(file.key);
  if (!bytes) throw new DamagedFileError(`${file.key} is missing.`);
  if (sha256Of(bytes) !== file.sha256) throw new DamagedFileError(`${file.key} differs from its checksum.`);
  let lines = 0;
  for await (const line of unpackedLines(file.key, bytes)) {
    lines += 1;
    yield line;
  }
  if (lines !== file.items)
    throw new DamagedFileError(`${file.key} has ${lines} lines where ${file.items} are told.`);
}

async function* unpackedLines(key: string, bytes: Uint8Array): AsyncGenerator<string> {
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  unpacked.end(bytes);
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
  if (rest !== '') throw new DamagedFileError(`${key} ends in the middle of a line.`);
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { PackFile } from '#shared/clinical/reference/pack.ts';
import type { SourceLine } from '#shared/clinical/reference/tally.ts';

/** Told after each piece of a file. */
export type OnProgress = (file: string, bytesRead: number, bytes: number) => void;

const LINE_FEED = 0x0a;
/** No line of these formats comes near; a file without line ends must not fill the memory. */
const LONGEST_LINE_BYTES = 1024 * 1024;

/** The bytes of a file as they come, with its checksum once they have all come. */
export async function* bytesOf(
  path: string,
  onProgress: OnProgress,
  onEnd: (file: PackFile) => void,
): AsyncGenerator<Buffer> {
  const name = basename(path);
  const { size } = await stat(path);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const piece = Buffer.from(chunk);
    hash.update(piece);
    bytes += piece.length;
    onProgress(name, bytes, size);
    yield piece;
  }
  onEnd({ name, sha256: hash.digest('hex'), bytes });
}

/**
 * The lines of files, one file after the other; blank lines are left out. Text is UTF-8, or Windows-1252 where a line is
 * no valid UTF-8. Each line is a text of its own: a slice would keep the whole file in memory.
 */
export async function* linesOf(
  paths: readonly string[],
  onProgress: OnProgress,
  onEnd: (file: PackFile) => void,
): AsyncGenerator<SourceLine> {
  for (const path of paths) {
    const file = basename(path);
    let rest = Buffer.alloc(0);
    let line = 0;
    for await (const chunk of bytesOf(path, onProgress, onEnd)) {
      let start = 0;
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
        line += 1;
        const text = textOf(bytes.subarray(start, end), line);
        if (text !== '') yield { file, line, text };
        start = end + 1;
      }
      rest = Buffer.from(bytes.subarray(start));
      if (rest.length > LONGEST_LINE_BYTES) throw new Error(`${file}: line ${line + 1} is longer than 1 MB.`);
    }
    const text = textOf(rest, line + 1);
    if (text !== '') yield { file, line: line + 1, text, isUnended: true };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252');

function textOf(bytes: Uint8Array, line: number): string {
  const text = decoded(bytes).replace(/\r$/u, '');
  return line === 1 ? text.replace(/^\uFEFF/u, '') : text;
}

function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

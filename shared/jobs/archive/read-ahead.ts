import type { ArchiveReader } from '../ports.ts';
import type { ListedFile } from './backup-manifest.ts';

/** Files that are read while those before them are still replayed: a range of the change log has thousands of small ones. */
export const FILES_AHEAD = 8;
/** Bytes of these files together: one or two of the parts of a scan, which are large enough to keep a replay busy. */
export const BYTES_AHEAD = 16 * 1024 * 1024;

/**
 * A reader for whoever reads these files one by one in their order: each asks for what comes next, so that it does not wait for every
 * answer of the bucket. What is told of a file, be it missing or an error, is told when its turn comes.
 * @param files in the order in which they will be read; out of order, or again, they are read as they are asked for
 */
export function readingAhead(
  archive: ArchiveReader,
  files: readonly Pick<ListedFile, 'key' | 'bytes'>[],
): ArchiveReader {
  const places = new Map(files.map(({ key }, place) => [key, place]));
  const asked = new Map<
    string,
    { readonly bytes: number; readonly answer: Promise<Uint8Array | undefined> }
  >();
  let next = 0;
  let ahead = 0;
  const askFor = ({ key, bytes }: Pick<ListedFile, 'key' | 'bytes'>): void => {
    const answer = archive.get(key);
    // Told to whoever reads the file; nobody may ever do.
    answer.catch(() => undefined);
    asked.set(key, { bytes, answer });
    ahead += bytes;
  };
  const askAhead = (): void => {
    for (let file = files[next]; file; file = files[next]) {
      if (asked.size >= FILES_AHEAD || ahead + file.bytes > BYTES_AHEAD) return;
      askFor(file);
      next += 1;
    }
  };
  return {
    list: (prefix, after) => archive.list(prefix, after),
    stream: (key) => archive.stream(key),
    get: (key) => {
      const known = asked.get(key);
      asked.delete(key);
      ahead -= known?.bytes ?? 0;
      const answer = known?.answer ?? archive.get(key);
      next = Math.max(next, (places.get(key) ?? -1) + 1);
      askAhead();
      return answer;
    },
  };
}

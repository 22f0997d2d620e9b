import type { ArchiveReader } from '../ports.ts';
import type { ListedFile } from './backup-manifest.ts';
import { type ReadLine, readLine } from './change-line.ts';
import { DamagedFileError, readFileLines } from './read-lines.ts';

/** What a line says of an item, and how long it is. */
type ReadState = ReadLine & { readonly characters: number };

/**
 * What the lines of one data file say of items, in their order.
 * @param keyNames names of the members of an item's key; none: it does not matter which item it is
 * @throws DamagedFileError as `readFileLines`, and when a line says nothing of an item: a file may be what was signed, or what its name
 *   says, and still be nothing that can be replayed
 */
export async function* readStates(
  archive: ArchiveReader,
  file: ListedFile,
  keyNames: readonly string[],
): AsyncGenerator<ReadState> {
  let number = 0;
  for await (const line of readFileLines(archive, file)) {
    number += 1;
    yield { ...stateIn(line, keyNames, `${file.key}, line ${number}`), characters: line.length };
  }
}

function stateIn(line: string, keyNames: readonly string[], place: string): ReadLine {
  try {
    return readLine(line, keyNames);
  } catch (cause) {
    // What stands there is not repeated: it may be somebody's.
    throw new DamagedFileError(`${place}, tells of no item.`, { cause });
  }
}

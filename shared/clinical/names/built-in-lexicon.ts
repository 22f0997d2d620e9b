import { readDataFile } from '../data-file.ts';
import { buildLexicon, type Lexicon, type NameData, NameDataError } from './lexicon.ts';
import { nameDataOf } from './name-data-of.ts';

let names: readonly NameData[] | undefined;
let built: Lexicon | undefined;

/**
 * The names that come with the product as they stand in the files, for whoever adds names of his own to them.
 * @throws NameDataError when a file of them is missing or broken
 */
export function builtInNames(): readonly NameData[] {
  names ??= ['names', 'supplement', 'codes'].map((name) =>
    nameDataOf(readDataFile(name, import.meta.url, NameDataError)),
  );
  return names;
}

/** The names that come with the product. Built at the first use, not at import: most functions never need it. */
export function builtInLexicon(): Lexicon {
  built ??= buildLexicon(builtInNames());
  return built;
}

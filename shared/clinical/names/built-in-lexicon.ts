import codes from './data/codes.json' with { type: 'json' };
import names from './data/names.json' with { type: 'json' };
import supplement from './data/supplement.json' with { type: 'json' };
import { buildLexicon, type Lexicon, type NameData } from './lexicon.ts';

/** As they stand in the files, for whoever adds names of his own to them. */
export const BUILT_IN_NAMES: readonly NameData[] = [names, supplement, codes];

let built: Lexicon | undefined;

/** The names that come with the product. Built at the first use, not at import: most functions never need it. */
export function builtInLexicon(): Lexicon {
  built ??= buildLexicon(BUILT_IN_NAMES);
  return built;
}

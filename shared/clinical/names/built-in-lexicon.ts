import codes from './data/codes.json' with { type: 'json' };
import names from './data/names.json' with { type: 'json' };
import supplement from './data/supplement.json' with { type: 'json' };
import { buildLexicon, type Lexicon } from './lexicon.ts';

let built: Lexicon | undefined;

/** The names that come with the product. Built at the first use, not at import: most functions never need it. */
export function builtInLexicon(): Lexicon {
  built ??= buildLexicon([names, supplement, codes]);
  return built;
}

import { builtInLexicon } from './built-in-lexicon.ts';
import type { Lexicon } from './lexicon.ts';
import { type Resolution, resolveText } from './resolve-medication.ts';

export type { Candidate } from './find-candidates.ts';
export { buildLexicon, type Lexicon, type NameData, NameDataError } from './lexicon.ts';
export type { MatchedBy, Resolution } from './resolve-medication.ts';
export { builtInLexicon };

/**
 * Tells which ingredients a text (ingredient, brand, combination, with or without strength and form, RxCUI) stands
 * for. Never guesses: what is not recognised exactly is `unrecognised`, with similar names as candidates.
 * @throws TypeError when it is no text
 */
export function resolveMedication(text: string, lexicon: Lexicon = builtInLexicon()): Resolution {
  if (typeof text !== 'string') throw new TypeError('The medication must be a text.');
  return resolveText(text, lexicon);
}

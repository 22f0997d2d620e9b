import { builtInLexicon } from './built-in-lexicon.ts';
import { type Resolution, resolveText } from './resolve-medication.ts';

export type { Candidate } from './find-candidates.ts';
export { buildLexicon, type Lexicon, type NameData, NameDataError } from './lexicon.ts';
export { type MatchedBy, type Resolution, resolveText } from './resolve-medication.ts';
export { builtInLexicon };

/**
 * Tells which ingredients a text (ingredient, brand, combination, with or without strength and form, RxCUI) stands
 * for. Never guesses: what is not recognised exactly is `unrecognised`, with similar names as candidates.
 * Takes the text alone, so that `texts.map(resolveMedication)` does what it says; other names than the built-in ones
 * go to `resolveText`.
 * @throws TypeError when it is no text
 */
export function resolveMedication(text: string): Resolution {
  if (typeof text !== 'string') throw new TypeError('The medication must be a text.');
  return resolveText(text, builtInLexicon());
}

import type { Lexicon } from './lexicon.ts';
import { lookupKey } from './normalise.ts';

/** In words: what brands have behind or before them (`ortho-novum 7/7/7`, `liquid petrolatum`). */
const MOST_BEHIND = 3;
const NUMBERS = /^[\d/+., -]+$/u;

/**
 * A longer known name in the text that is of other ingredients than the name that was found in it: `canesten oral once`
 * is `canesten oral`, although `oral` alone is only a route. Where it is longer by a number, that may also be a count.
 * @param text what was heard, without its strengths
 */
export function longerName(
  text: string,
  name: string,
  lexicon: Lexicon,
): { readonly name: string; readonly byNumber: boolean } | undefined {
  const words = lookupKey(text)
    .split(' ')
    .map((word) => word.replace(/^[(,;]+|[),;.]+$/gu, ''));
  const own = lookupKey(name).split(' ');
  const known = lexicon.entries.get(own.join(' '))?.ingredients.join('+');
  for (let start = 0; start + own.length <= words.length; start++) {
    if (own.some((word, at) => words[start + at] !== word)) continue;
    for (let behind = MOST_BEHIND; behind >= 0; behind--)
      for (const before of [1, 0]) {
        const end = start + own.length + behind;
        const longer = words.slice(Math.max(0, start - before), end).join(' ');
        const ingredients = lexicon.entries.get(longer)?.ingredients.join('+');
        if (ingredients !== undefined && ingredients !== known)
          return { name: longer, byNumber: NUMBERS.test(longer.replace(own.join(' '), '')) };
      }
  }
  return undefined;
}

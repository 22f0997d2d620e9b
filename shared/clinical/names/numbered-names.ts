import type { Lexicon } from './lexicon.ts';
import { lookupKey } from './normalise.ts';

const NUMBERED = /^(.+) (\d{1,2})$/u;
const COUNTED = /^(?:tabs?|tablets|caps?|capsules|caplets|gelcaps|softgels|daily|times|x)\b/u;

/**
 * Whether the number that ends a name may be how many of another product are taken: `tylenol 2 tabs` is hardly
 * Tylenol No. 2. Only asked where the name without its number is another product.
 */
export function mayBeCount(text: string, name: string, lexicon: Lexicon): boolean {
  const key = lookupKey(name);
  const [, shorter = ''] = NUMBERED.exec(key) ?? [];
  const other = lexicon.entries.get(shorter)?.ingredients.join('+');
  if (other === undefined || other === lexicon.entries.get(key)?.ingredients.join('+')) return false;
  const [, ...rest] = ` ${lookupKey(text)} `.split(` ${key} `);
  return rest.length === 0 || COUNTED.test(rest.join(' '));
}

/** Whether a bare number behind the name may tell which substance it is: `vitamin k 3` is none of the others. */
export const isNumbered = (name: string, text: string): boolean =>
  /^(?:vitamin|vit) [a-z]$/u.test(lookupKey(name)) && / [a-z]\s*-?\s*\d{1,2}(?![\d.,])/u.test(text);

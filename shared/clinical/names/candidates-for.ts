import { bestOf, type Candidate, findCandidates } from './find-candidates.ts';
import type { Lexicon } from './lexicon.ts';
import { LONGEST_TEXT, lookupKey } from './normalise.ts';
import { stripBareNumbers, stripForms, stripSalts, stripStrengths } from './strip.ts';

/**
 * The name under which a brand and the form behind it are asked about: `dulcolax liquid` need not be what `dulcolax`
 * is. Bare numbers are no part of it.
 */
export function askedByForm(withoutStrength: string, lexicon: Lexicon): string | undefined {
  const text = stripBareNumbers(withoutStrength).text;
  const brand = stripForms(text);
  return text
    .split(' ')
    .map((word) => `${brand} ${word}`)
    .find((name) => lexicon.ambiguous.has(lookupKey(name)));
}

/**
 * Names that may have been meant by the text without its strength and form, or by one of its words: a known name beside
 * a word that nothing explains (`aspirin blend`) is worth asking about, too.
 */
export function candidatesFor(text: string, lexicon: Lexicon): readonly Candidate[] {
  if (text.length > LONGEST_TEXT) return [];
  const question = lexicon.ambiguous.has(lookupKey(text)) ? text : askedByForm(stripStrengths(text), lexicon);
  if (question !== undefined) return findCandidates(question, lexicon);
  const whole = stripForms(stripBareNumbers(stripStrengths(text)).text);
  const words = whole.split(/[\s,;/+&()-]+/u).filter((word) => word.length > 3);
  const numbered = stripForms(stripStrengths(text));
  const asked = new Set([text, whole, numbered, ...stripSalts(whole), ...words]);
  return bestOf([...asked].flatMap((part) => alike(part, lexicon)));
}

const alike = (text: string, lexicon: Lexicon): readonly Candidate[] => {
  const key = lookupKey(text);
  const entry = lexicon.ambiguous.has(key) ? undefined : lexicon.entries.get(key);
  return entry === undefined
    ? findCandidates(text, lexicon)
    : [{ name: entry.name, ingredients: entry.ingredients, score: 0.95 }];
};

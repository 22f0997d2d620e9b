import { type Lexicon, resolveText } from '../../clinical/names/index.ts';
import { normalise } from '../../clinical/names/normalise.ts';
import { tellsOtherProduct } from './told-apart.ts';

/** One product that an entry names. */
export interface Named {
  /** Its ingredients; of a text that is not recognised, its own words. */
  readonly key: string;
  readonly brand: string | null;
  /** The numbers in the text, where it names one product and is no code. */
  readonly strengths: readonly number[];
  /** The normalised text, where it names one product. */
  readonly words: string;
}

/** What an entry stands for: of a text that lists products which nobody sells as one, each by itself. */
export function namedBy(text: string, lexicon: Lexicon): readonly Named[] {
  const found = resolveText(text, lexicon);
  if (found.status === 'unrecognised')
    return [{ key: `text:${text.trim().toLowerCase()}`, brand: null, strengths: [], words: '' }];
  const isOne = found.products.length === 1 && found.matchedBy !== 'code';
  const strengths = isOne ? numbersIn(text) : [];
  const words = isOne ? normalise(text) : '';
  return found.products.map(({ ingredients, brand }) => ({
    key: ingredients.join('+'),
    brand,
    strengths,
    words,
  }));
}

const NUMBER = /(?<![\p{L}\p{N}.,])(?:\d+(?:[.,]\d+)*|\.\d+)/gu;

const numbersIn = (text: string): number[] =>
  [...text.normalize('NFKC').matchAll(NUMBER)].map(([digits]) =>
    Number(digits.replace(/,(?=\d{3}(?!\d))/gu, '').replace(',', '.')),
  );

/**
 * The same name, and no number that only the other has: `warfarin` may be `warfarin 5 mg`, which is not `warfarin 2 mg`.
 * Nor another form, release, frequency or mixture.
 */
export const isSame = (a: Named, b: Named): boolean =>
  a.key === b.key &&
  a.brand === b.brand &&
  (a.strengths.every((one) => b.strengths.includes(one)) ||
    b.strengths.every((one) => a.strengths.includes(one))) &&
  !tellsOtherProduct(a.words, b.words);

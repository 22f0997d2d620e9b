import type { Lexicon, LexiconEntry } from './lexicon.ts';
import { lookupKey } from './normalise.ts';
import { stripForms } from './strip.ts';

/** One thing that a text names, as it is sold or prescribed. */
export interface Product {
  readonly ingredients: readonly string[];
  /** The brand that named it; `null`: a generic name or a code did. */
  readonly brand: string | null;
}

/** Names such as `betamethasone sodium phosphate`, under which a product is sold, are no brands beside the generic name. */
export const brandOf = ({ name, via, ingredients }: LexiconEntry): string | null =>
  via === 'brand' && !ingredients.some((ingredient) => name.startsWith(ingredient)) ? name : null;

interface Part {
  readonly text: string;
  readonly products: readonly Product[];
}

/**
 * Whether the parts of a text make one product or a list. Ingredients that are sold together are one; so are several
 * salts of one substance (`betamethasone acetate and betamethasone sodium phosphate`), and a brand and its generic name
 * about a slash. A brand beside something that it holds (`Coumadin, warfarin`; `Percocet, Tylenol`) is a second product.
 */
export function productsOf(parts: readonly Part[], bySlash: boolean, lexicon: Lexicon): readonly Product[] {
  const listed = parts.flatMap((part) => part.products);
  const ingredients = [...new Set(listed.flatMap((product) => product.ingredients))].sort();
  const one = [{ ingredients, brand: null }];
  const sold = lexicon.combinations.has(ingredients.join('+'));
  const repeats = listed.reduce((sum, product) => sum + product.ingredients.length, 0) > ingredients.length;
  if (!repeats) return sold ? one : listed;
  if (bySlash && new Set(listed.map((product) => product.ingredients.join('+'))).size === 1) return one;
  if (sold && parts.some(({ text }) => FLUID.test(text))) return one;
  if (listed.some((product) => product.brand !== null)) return listed;
  const plain = listed.every((product) => product.ingredients.length === 1);
  return (sold && plain) || areSalts(parts, ingredients) ? one : listed;
}

/** What is dissolved in several fluids is one infusion, also where two of them hold the same electrolyte. */
const FLUID = /\bringer/u;

/** Each part names another salt or form of one substance, and none the substance alone. */
function areSalts(parts: readonly Part[], [substance, ...others]: readonly string[]): boolean {
  const names = parts.map(({ text }) => lookupKey(stripForms(text)));
  return (
    substance !== undefined &&
    others.length === 0 &&
    new Set(names).size === names.length &&
    !names.includes(lookupKey(substance))
  );
}

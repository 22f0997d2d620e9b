import { lookupKey } from './normalise.ts';

/**
 * Names as they stand in a data file, normalised already (`normalise` would change none of them: that is what makes
 * loading fast). Lists are joined with `|`, ingredients of one product with `+`.
 */
export interface NameData {
  readonly version: string;
  readonly date: string;
  /** Ingredient or ingredients → their brand names (may be empty). Keys without `+` are the known ingredients. */
  readonly products: Readonly<Record<string, string>>;
  /** Ingredient or ingredients → other names of the same (INN, USAN, abbreviations). */
  readonly synonyms: Readonly<Record<string, string>>;
  /** Name, abbreviation, or brand and form word that stands for several products → what it may mean. Always asked. */
  readonly ambiguous: Readonly<Record<string, string>>;
  /** Ingredient or ingredients → RxCUIs, separated by blanks. */
  readonly rxcui: Readonly<Record<string, string>>;
}

/** A name file that contradicts itself. A check with such names answers `error`. */
export class NameDataError extends Error {
  override readonly name = 'NameDataError';
}

export interface LexiconEntry {
  /** As it is shown to people: lower case, punctuation kept. */
  readonly name: string;
  readonly ingredients: readonly string[];
  readonly via: 'ingredient' | 'brand' | 'synonym';
}

export interface Lexicon {
  readonly version: string;
  readonly date: string;
  readonly ingredients: ReadonlySet<string>;
  /** Ingredients that are sold together in one product, in alphabetical order and joined with `+`. */
  readonly combinations: ReadonlySet<string>;
  readonly entries: ReadonlyMap<string, LexiconEntry>;
  /** Name → the sets of ingredients that it may stand for. */
  readonly ambiguous: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly codes: ReadonlyMap<string, readonly string[]>;
}

const list = (text: string, separator: string): string[] =>
  text === '' ? [] : text.split(separator).map((part) => part.trim());

/**
 * Builds the look-up structure of one or several data files. A name that stands for different ingredients in two
 * places is a defect of the data: it must be listed as ambiguous instead.
 * @throws NameDataError
 */
export function buildLexicon(parts: readonly NameData[]): Lexicon {
  const ingredients = new Set<string>();
  const entries = new Map<string, LexiconEntry>();
  const ambiguous = new Map<string, readonly (readonly string[])[]>();
  const codes = new Map<string, readonly string[]>();
  const combinations = new Set<string>();

  const add = (name: string, members: readonly string[], via: LexiconEntry['via']): void => {
    const key = lookupKey(name);
    const standing = entries.get(key);
    if (standing === undefined) entries.set(key, { name, ingredients: members, via });
    else if (standing.ingredients.join('+') !== members.join('+')) {
      throw new NameDataError(
        `Name data: "${name}" stands for ${standing.ingredients.join('+')} and ${members.join('+')}`,
      );
    }
  };

  for (const part of parts) {
    for (const product of Object.keys(part.products)) {
      if (product.includes('+')) continue;
      ingredients.add(product);
      add(product, [product], 'ingredient');
    }
  }
  const membersOf = (product: string): string[] => {
    const members = list(product, '+').sort();
    const unknown = members.find((member) => !ingredients.has(member));
    if (unknown !== undefined)
      throw new NameDataError(`Name data: "${product}" names the unknown ingredient "${unknown}"`);
    return members;
  };
  for (const part of parts) {
    for (const [product, brands] of Object.entries(part.products)) {
      if (product.includes('+')) combinations.add(membersOf(product).join('+'));
      for (const brand of list(brands, '|')) add(brand, membersOf(product), 'brand');
    }
    for (const [product, names] of Object.entries(part.synonyms)) {
      for (const name of list(names, '|')) add(name, membersOf(product), 'synonym');
    }
    for (const [name, meanings] of Object.entries(part.ambiguous)) {
      ambiguous.set(lookupKey(name), list(meanings, '|').map(membersOf));
    }
    for (const [product, numbers] of Object.entries(part.rxcui)) {
      for (const number of list(numbers, ' ')) {
        const members = membersOf(product);
        const standing = codes.get(number)?.join('+');
        if (standing !== undefined && standing !== members.join('+'))
          throw new NameDataError(`Name data: RxCUI ${number} stands for ${standing} and ${product}`);
        codes.set(number, members);
      }
    }
  }
  return {
    version: [...new Set(parts.map((part) => part.version))].join('+'),
    date:
      parts
        .map((part) => part.date)
        .sort()
        .at(-1) ?? '',
    ingredients,
    combinations,
    entries,
    ambiguous,
    codes,
  };
}

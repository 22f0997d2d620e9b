import { isTermType, type TermType, WAYS } from './rxnorm-terms.ts';
import type { Place } from './tally.ts';

export interface Term extends Place {
  readonly name: string;
  /** Whether it is the term by which the concept has its type, or a further name. */
  readonly leading: boolean;
}

export interface Concept {
  readonly type: TermType;
  readonly active: boolean;
}

/** What a concept stands for, or why that cannot be said. */
export type Meaning =
  | { readonly ok: true; readonly ingredients: readonly string[] }
  | { readonly ok: false; readonly detail: string };

const cannot = (detail: string): Meaning => ({ ok: false, detail });

/** Follows the relations of RxNorm from concepts of any level to ingredients. Half a combination is never an answer. */
export class RxNormConcepts {
  readonly #concepts: ReadonlyMap<string, Concept>;
  readonly #ingredientOf: (code: string) => Meaning;
  readonly #listedBy: (code: string) => number;
  readonly #up = new Map<string, Set<string>>();
  readonly #products = new Map<string, Set<string>>();
  readonly #brandOf = new Map<string, Set<string>>();
  readonly #meanings = new Map<string, Meaning>();

  /**
   * @param ingredientOf what the project calls an ingredient concept
   * @param listedBy how many substances the name of a concept lists
   */
  constructor(
    concepts: ReadonlyMap<string, Concept>,
    ingredientOf: (code: string) => Meaning,
    listedBy: (code: string) => number,
  ) {
    this.#concepts = concepts;
    this.#ingredientOf = ingredientOf;
    this.#listedBy = listedBy;
  }

  /** Notes a relation, in whichever direction it is written. `false`: it leads to no ingredient. */
  relate(one: string, other: string): boolean {
    const [a, b] = [this.#concepts.get(one)?.type, this.#concepts.get(other)?.type];
    if (a === undefined || b === undefined) return false;
    if (leadsTo(a, b)) add(this.#up, one, other);
    else if (leadsTo(b, a)) add(this.#up, other, one);
    else if (a === 'BN' || b === 'BN')
      return this.#relateBrand(a === 'BN' ? one : other, a === 'BN' ? other : one);
    else return false;
    return true;
  }

  #relateBrand(brand: string, other: string): boolean {
    const type = this.#concepts.get(other)?.type;
    if (type === 'SBD' || type === 'BPCK') add(this.#products, brand, other);
    else if (type === 'IN' || type === 'PIN' || type === 'MIN') add(this.#brandOf, brand, other);
    else return false;
    return true;
  }

  meaningOf(code: string): Meaning {
    const known = this.#meanings.get(code);
    if (known) return known;
    const concept = this.#concepts.get(code);
    const meaning = !concept
      ? cannot(`RxCUI ${code} has no term`)
      : !concept.active
        ? cannot(`RxCUI ${code} is suppressed or obsolete`)
        : concept.type === 'IN'
          ? this.#ingredientOf(code)
          : this.#whole(code, this.#follow(code, concept.type));
    this.#meanings.set(code, meaning);
    return meaning;
  }

  /** Relations that are missing from the file would make half a combination of a whole one: its name lists more. */
  #whole(code: string, meaning: Meaning): Meaning {
    if (!meaning.ok) return meaning;
    const [listed, found] = [this.#listedBy(code), meaning.ingredients.length];
    return found < listed
      ? cannot(`the name of RxCUI ${code} lists ${listed} ingredients, and its relations lead to ${found}`)
      : meaning;
  }

  /** Every set of ingredients for which a brand's active products stand; one of its ingredients where it has none. */
  meaningsOfBrand(code: string): readonly Meaning[] {
    const active = [...(this.#products.get(code) ?? [])].filter((one) => this.#concepts.get(one)?.active);
    if (active.length > 0) return distinct(active.map((one) => this.meaningOf(one)));
    const direct = distinct([...(this.#brandOf.get(code) ?? [])].map((one) => this.meaningOf(one)));
    if (direct.length === 1) return direct;
    return [cannot(`RxCUI ${code} is a brand without products whose ingredients are clear`)];
  }

  #follow(code: string, type: TermType): Meaning {
    const above = [...(this.#up.get(code) ?? [])];
    const found = WAYS[type].flatMap((types: readonly string[]) => {
      const through = above.filter((one) => types.includes(this.#concepts.get(one)?.type ?? ''));
      return through.length === 0 ? [] : [this.#together(through)];
    });
    const [first, ...others] = found;
    if (!first) return cannot(`RxCUI ${code} (${type}) has no relation that leads to an ingredient`);
    const failed = found.find((one) => !one.ok);
    if (failed) return failed;
    return others.every((one) => textOf(one) === textOf(first))
      ? first
      : cannot(`the relations of RxCUI ${code} (${type}) lead to different ingredients`);
  }

  #together(codes: readonly string[]): Meaning {
    const ingredients = new Set<string>();
    for (const code of codes) {
      const meaning = this.meaningOf(code);
      if (!meaning.ok) return meaning;
      for (const one of meaning.ingredients) ingredients.add(one);
    }
    return { ok: true, ingredients: [...ingredients].sort() };
  }
}

const leadsTo = (from: TermType, to: TermType): boolean =>
  WAYS[from].some((types: readonly string[]) => isTermType(to) && types.includes(to));

const textOf = (meaning: Meaning): string => (meaning.ok ? meaning.ingredients.join('+') : meaning.detail);

const distinct = (meanings: readonly Meaning[]): readonly Meaning[] => [
  ...new Map(meanings.map((meaning) => [textOf(meaning), meaning])).values(),
];

function add(map: Map<string, Set<string>>, from: string, to: string): void {
  const set = map.get(from) ?? new Set<string>();
  map.set(from, set);
  set.add(to);
}

import type { Lexicon, LexiconEntry } from '../names/lexicon.ts';
import { lookupKey, normalise } from '../names/normalise.ts';
import { recognise } from '../names/resolve-medication.ts';
import { stripBareNumbers, stripForms, stripSalts, stripStrengths } from '../names/strip.ts';
import type { PackNames } from './pack.ts';
import type { Place, Rejection, Tally } from './tally.ts';

type Via = LexiconEntry['via'];

interface Claim {
  readonly name: string;
  readonly via: Via;
  /** Ingredient set, joined with `+` → the lines that say so. */
  readonly meanings: Map<string, Place[]>;
}

/** A check takes no longer text; a name beyond it could never be asked for. */
const LONGEST_NAME = 200;

/**
 * Gathers the names of a pack and holds each against the data that it will stand on. What that data recognises, by
 * whatever step, keeps its meaning: a line that says otherwise is rejected. A name with two meanings within the pack is
 * asked about and never answered. So no look-alike is merged, whichever file says so.
 */
export class NameCollector {
  readonly #base: Lexicon;
  readonly #builtIn: Lexicon;
  readonly #tally: Tally;
  readonly #claims = new Map<string, Claim>();
  readonly #codes = new Map<string, string>();
  readonly #fresh = new Map<string, string>();
  readonly #used = new Set<string>();
  /** Ingredients that are sold together: they are not held against each other. */
  readonly #products = new Set<string>();

  /** @param base the built-in names with the parts of the pack that stay */
  constructor(base: Lexicon, builtIn: Lexicon, tally: Tally) {
    this.#base = base;
    this.#builtIn = builtIn;
    this.#tally = tally;
  }

  /** What the data below the pack makes of a text. */
  known(text: string): readonly string[] | undefined {
    return recognise(text, this.#base);
  }

  knownCode(code: string): readonly string[] | undefined {
    return this.#base.codes.get(code);
  }

  isAskedAbout(name: string): boolean {
    return this.#base.ambiguous.has(lookupKey(normalise(name)));
  }

  /**
   * The name under which a substance goes that the data below does not know; `undefined`: this is no name of one.
   * @param salts `strip` where a list names salts and not substances
   */
  newIngredient(text: string, salts: 'keep' | 'strip'): string | undefined {
    const name = normalise(text);
    const bare = salts === 'strip' ? (stripSalts(name).at(-1) ?? name) : name;
    if (!isTelling(bare) || /[+|@]/u.test(bare) || this.isAskedAbout(bare)) return undefined;
    // Two ways of punctuating one name are one substance.
    const first = this.#fresh.get(lookupKey(bare)) ?? bare;
    this.#fresh.set(lookupKey(bare), first);
    return first;
  }

  /** Takes a name over for each of its meanings, or rejects its line. */
  claim(text: string, meanings: readonly (readonly string[])[], via: Via, place: Place): void {
    const name = normalise(text);
    if (name.length > LONGEST_NAME) {
      this.#tally.skip('longer than 200 characters');
      return;
    }
    const [first = [], ...others] = meanings;
    const set = setOf(first);
    const refused = this.#refusal(name, set);
    if (refused) {
      this.#tally.reject(place, refused.reason, refused.detail);
      return;
    }
    for (const meaning of meanings) this.#use(meaning, setOf(meaning));
    if (this.known(name) !== undefined && others.length === 0) return;
    const key = lookupKey(name);
    const claim = this.#claims.get(key) ?? { name, via, meanings: new Map<string, Place[]>() };
    this.#claims.set(key, claim);
    for (const one of meanings.map(setOf))
      claim.meanings.set(one, [...(claim.meanings.get(one) ?? []), place]);
  }

  #refusal(name: string, set: string): Pick<Rejection, 'reason' | 'detail'> | undefined {
    if (name.includes('|') || !isTelling(name))
      return { reason: 'says_nothing', detail: `"${name}" is no name of a medication.` };
    if (this.isAskedAbout(name))
      return {
        reason: 'asked_not_answered',
        detail: `"${name}" has been mistaken for another drug: it is asked about, never answered.`,
      };
    const standing = this.known(name);
    if (standing === undefined || setOf(standing) === set) return undefined;
    const detail = `"${name}" stands for ${setOf(standing)} in the data below, for ${set} here.`;
    return { reason: 'other_meaning', detail };
  }

  /** Takes an RxCUI over. `false`: the data below says that it is something else. */
  claimCode(code: string, ingredients: readonly string[]): boolean {
    const set = setOf(ingredients);
    const standing = this.knownCode(code)?.join('+');
    if (standing !== undefined && standing !== set) return false;
    this.#use(ingredients, set);
    if (standing === undefined) this.#codes.set(code, set);
    return true;
  }

  /** An ingredient that a rule names. */
  use(ingredient: string): void {
    this.#used.add(ingredient);
  }

  #use(ingredients: readonly string[], set: string): void {
    for (const ingredient of ingredients) this.#used.add(ingredient);
    if (ingredients.length > 1) this.#products.add(set);
  }

  /** The names in the form of the built-in files. Names with several meanings are rejected here. */
  finish(): PackNames {
    const brands = new Map<string, string[]>();
    const synonyms = new Map<string, string[]>();
    const ambiguous = new Map<string, string>();
    // Each part holds all that it stands on beyond the built-in data, so that another part may go or change.
    for (const one of this.#used) {
      if (this.#builtIn.ingredients.has(one)) continue;
      brands.set(one, []);
      // A brand that is called as another substance is a name with two meanings.
      const { meanings } = this.#claims.get(lookupKey(one)) ?? {};
      if (meanings && !meanings.has(one)) meanings.set(one, []);
    }
    for (const set of this.#products) if (!this.#builtIn.combinations.has(set)) brands.set(set, []);
    for (const { name, via, meanings } of this.#claims.values()) {
      const [set = '', ...others] = meanings.keys();
      if (others.length > 0) {
        ambiguous.set(name, [...meanings.keys()].join('|'));
        const places = [...meanings.values()].flat();
        for (const place of new Map(places.map((one) => [`${one.file}:${one.line}`, one])).values())
          this.#tally.reject(
            place,
            'several_meanings',
            `"${name}" stands for ${[set, ...others].join(', ')}.`,
          );
        continue;
      }
      const names = via === 'brand' ? brands : synonyms;
      if (via === 'ingredient' && name === set) continue;
      names.set(set, [...(names.get(set) ?? []), name]);
    }
    const codes = new Map<string, string[]>();
    for (const [code, set] of this.#codes) codes.set(set, [...(codes.get(set) ?? []), code]);
    return {
      products: joined(brands, '|'),
      synonyms: joined(synonyms, '|'),
      ambiguous: Object.fromEntries(sorted(ambiguous)),
      rxcui: joined(codes, ' '),
    };
  }
}

const setOf = (ingredients: readonly string[]): string => [...ingredients].sort().join('+');

/** Whether anything is left when strength, form and numbers are gone. */
const isTelling = (name: string): boolean =>
  /\p{L}{2}/u.test(stripForms(stripBareNumbers(stripStrengths(name)).text));

const sorted = <V>(map: ReadonlyMap<string, V>): [string, V][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

const joined = (map: ReadonlyMap<string, readonly string[]>, separator: string): Record<string, string> =>
  Object.fromEntries(sorted(map).map(([key, list]) => [key, [...list].sort().join(separator)]));

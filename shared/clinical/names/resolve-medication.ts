import { askedByForm, candidatesFor } from './candidates-for.ts';
import { carriedBy } from './carriers.ts';
import type { Candidate } from './find-candidates.ts';
import type { Lexicon } from './lexicon.ts';
import { longerName } from './longer-names.ts';
import { LONGEST_TEXT, lookupKey, normalise } from './normalise.ts';
import { isNumbered, mayBeCount } from './numbered-names.ts';
import { packIn } from './packs.ts';
import { brandOf, type Product, productsOf } from './products.ts';
import {
  hasClearStrength,
  isAmount,
  stripAmounts,
  stripBareNumbers,
  stripBiologicSuffix,
  stripForms,
  stripRemarks,
  stripSalts,
  stripStrengths,
} from './strip.ts';

/** Which step recognised a text. */
export type MatchedBy = 'code' | 'exact' | 'synonym' | 'stripped' | 'combination';

export type Resolution =
  | {
      readonly status: 'resolved';
      /** In alphabetical order, each once. */
      readonly ingredients: readonly string[];
      readonly matchedBy: MatchedBy;
      /** What the text names: one product, or each of those that it lists. */
      readonly products: readonly Product[];
      readonly candidates: readonly [];
    }
  | {
      readonly status: 'unrecognised';
      readonly ingredients: readonly [];
      readonly candidates: readonly Candidate[];
    };

interface Match {
  readonly ingredients: readonly string[];
  readonly matchedBy: MatchedBy;
  readonly products: readonly Product[];
}

const oneProduct = (
  ingredients: readonly string[],
  matchedBy: MatchedBy,
  brand: string | null = null,
): Match => ({ ingredients, matchedBy, products: [{ ingredients, brand }] });

/**
 * Tells which ingredients a text stands for. Order: normalise, code, exact name, synonym, without strength, form and
 * salt, as a combination. Every word has to be explained: a text with a word that is neither name nor form nor salt is
 * `unrecognised`. So is a misspelt one: similar names are offered as candidates and none of them is chosen.
 */
export function resolveText(text: string, lexicon: Lexicon): Resolution {
  const normalised = normalise(text);
  const match = matchOf(normalised, lexicon);
  if (match !== undefined) return { status: 'resolved', ...match, candidates: [] };
  return { status: 'unrecognised', ingredients: [], candidates: candidatesFor(normalised, lexicon) };
}

/** The ingredients alone, for whoever asks about many names and nobody about candidates; `undefined`: unrecognised. */
export const recognise = (text: string, lexicon: Lexicon): readonly string[] | undefined =>
  matchOf(normalise(text), lexicon)?.ingredients;

const matchOf = (normalised: string, lexicon: Lexicon): Match | undefined =>
  normalised.length > LONGEST_TEXT ? undefined : (byCode(normalised, lexicon) ?? byName(normalised, lexicon));

const CODE = /^(?:rxcui\s*[:#]?\s*)?(\d{1,8})$/u;

function byCode(text: string, lexicon: Lexicon): Match | undefined {
  const code = CODE.exec(text)?.[1];
  const ingredients = code === undefined ? undefined : lexicon.codes.get(code);
  return ingredients && oneProduct(ingredients, 'code');
}

function byName(text: string, lexicon: Lexicon): Match | undefined {
  return (
    exact(text, lexicon) ??
    packed(text, lexicon) ??
    bracketed(text, lexicon) ??
    stripped(text, lexicon) ??
    carried(text, lexicon) ??
    combination(text, lexicon)
  );
}

function exact(text: string, lexicon: Lexicon): Match | undefined {
  const key = lookupKey(text);
  if (lexicon.ambiguous.has(key)) return undefined;
  const entry = lexicon.entries.get(key);
  if (entry === undefined) return undefined;
  return oneProduct(entry.ingredients, entry.via === 'synonym' ? 'synonym' : 'exact', brandOf(entry));
}

function packed(text: string, lexicon: Lexicon): Match | undefined {
  const pack = packIn(text);
  const matches = (pack?.parts ?? []).map((part) => byName(part, lexicon));
  const known = matches.filter((match) => match !== undefined);
  if (known.length === 0 || known.length < matches.length) return undefined;
  const whole = oneProduct(unionOf(known), 'stripped');
  return pack?.brand === undefined || saysTheSame(pack.brand, whole, lexicon) ? whole : undefined;
}

const BRACKETS = /\(([^()]*)\)|\[([^[\]]*)\]/gu;

/**
 * `methylthioninium chloride (methylene blue)`: what stands in brackets must say the same, or how much of it there is.
 * So must the brand in RxNorm's square brackets: a word that nobody knows may be another drug, misspelt.
 */
function bracketed(text: string, lexicon: Lexicon): Match | undefined {
  const hits = [...text.matchAll(BRACKETS)];
  if (hits.length === 0 || askedByForm(stripStrengths(text), lexicon) !== undefined) return undefined;
  const outside = byName(text.replace(BRACKETS, ' ').replace(/ {2,}/gu, ' ').trim(), lexicon);
  if (outside === undefined) return undefined;
  const agree = hits.every(([, round, square]) => saysTheSame(round ?? square ?? '', outside, lexicon));
  if (!agree) return undefined;
  return outside.matchedBy === 'exact' ? { ...outside, matchedBy: 'stripped' } : outside;
}

function saysTheSame(bracket: string, { ingredients }: Match, lexicon: Lexicon): boolean {
  const part = bracket.replace(/\s(?:equivalent|base)$/u, '');
  if (isAmount(part) || stripForms(stripBareNumbers(stripStrengths(part)).text) === '') return true;
  return matchOf(part, lexicon)?.ingredients.join('+') === ingredients.join('+');
}

/** A fluid that carries a drug is named only where both are sold as ingredients of one product. */
function carried(text: string, lexicon: Lexicon): Match | undefined {
  const found = carriedBy(stripRemarks(text));
  const drug = found && byName(found.drug, lexicon);
  if (found === undefined || drug === undefined) return undefined;
  const ingredients = [...new Set([...drug.ingredients, ...found.fluid])].sort();
  return lexicon.combinations.has(ingredients.join('+'))
    ? oneProduct(ingredients, 'combination')
    : { ...drug, matchedBy: 'stripped' };
}

function stripped(text: string, lexicon: Lexicon): Match | undefined {
  const withoutStrength = stripStrengths(text);
  const withoutForm = stripForms(withoutStrength);
  if (askedByForm(withoutStrength, lexicon) !== undefined) return undefined;
  for (const rest of [withoutStrength, withoutForm, ...shortened(withoutForm)]) {
    const match = rest === '' ? undefined : exact(rest, lexicon);
    if (match === undefined) continue;
    if (mayBeCount(text, rest, lexicon)) return undefined;
    return orLonger(match, stripAmounts(text), rest, lexicon);
  }
  return withoutNumbers(withoutStrength, lexicon);
}

/** What was found, or the longer name that it was cut from; `undefined` where only a number makes it longer. */
function orLonger(match: Match, text: string, name: string, lexicon: Lexicon): Match | undefined {
  const longer = longerName(text, name, lexicon);
  if (longer?.byNumber) return undefined;
  const found = longer === undefined ? match : exact(longer.name, lexicon);
  return found && { ...found, matchedBy: 'stripped' };
}

/** The text without its biological suffix, and without its salts one by one. */
const shortened = (text: string): readonly string[] => [stripBiologicSuffix(text), ...stripSalts(text)];

/**
 * A bare number is taken for a strength behind a generic name, when a combination carries as many numbers as ingredients
 * (`Percocet 5/325`), or when it is one clearly. Behind other brands it may name another product (`Tylenol 3`).
 */
function withoutNumbers(text: string, lexicon: Lexicon): Match | undefined {
  const bare = stripBareNumbers(text);
  if (bare.numbers === 0 || bare.text === '') return undefined;
  const name = stripForms(bare.text);
  const clear = bare.numbers === 1 && hasClearStrength(text);
  for (const rest of [name, ...stripSalts(name)]) {
    const match = exact(rest, lexicon);
    const entry = lexicon.entries.get(lookupKey(rest));
    if (match === undefined || entry === undefined || isNumbered(rest, text)) continue;
    const plain = entry.via !== 'brand' && entry.ingredients.length === 1;
    const counted = entry.ingredients.length > 1 && entry.ingredients.length === bare.numbers;
    if (plain || counted || clear) return orLonger(match, text, rest, lexicon);
  }
  return undefined;
}

const DASH = /\s*-\s*/u;
const SLASH = /\s*\/\s*/u;
const SEPARATORS: readonly RegExp[] = [
  /\s*[;+&]\s*/u,
  /\s*,\s*(?:and\s+)?|\s+and\s+|\s+w\/\s*|\s+with\s+/u,
  SLASH,
  DASH,
];

/**
 * Every part has to be recognised by itself; one that is not leaves the whole text unrecognised. Bare numbers may
 * follow when there is one for each ingredient (`hydrocodone/acetaminophen 5/325`).
 */
function combination(text: string, lexicon: Lexicon): Match | undefined {
  const withoutStrength = stripStrengths(text);
  const whole = parts(withoutStrength, lexicon);
  if (whole !== undefined) return whole;
  const bare = stripBareNumbers(withoutStrength);
  const rest = bare.numbers === 0 ? undefined : parts(bare.text, lexicon);
  return rest?.ingredients.length === bare.numbers ? rest : undefined;
}

function parts(text: string, lexicon: Lexicon): Match | undefined {
  for (const separator of SEPARATORS) {
    const pieces = text.split(separator).filter((piece) => stripForms(piece) !== '');
    if (pieces.length < 2) continue;
    // A dash joins generic names (`losartan-hctz`); what stands beside one in a brand or a chemical name means other things.
    if (separator === DASH && pieces.some((piece) => lexicon.entries.get(lookupKey(piece))?.via === 'brand'))
      continue;
    const matches = pieces.map((piece) => byName(piece, lexicon)).filter((match) => match !== undefined);
    if (matches.length < pieces.length) continue;
    const named = matches.map(({ products }, at) => ({ text: pieces[at] ?? '', products }));
    const products = productsOf(named, separator === SLASH, lexicon);
    return { ingredients: unionOf(matches), matchedBy: 'combination', products };
  }
  return undefined;
}

const unionOf = (matches: readonly Match[]): readonly string[] =>
  [...new Set(matches.flatMap((match) => match.ingredients))].sort();

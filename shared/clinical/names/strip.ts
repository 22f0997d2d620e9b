import { COUNTED_PIECES, stripDirections } from './directions.ts';
import { CATIONS, FORM_WORDS, INORGANIC_ANIONS, MINERALS, SALT_WORDS, SIMPLE_ACIDS } from './noise-words.ts';

const NUMBER = String.raw`\d+(?:[.,]\d+)*`;
const UNIT =
  '(?:mgs?|milligrams?|mcgs?|micrograms?|μg|ug|ng|kg|gm?|grams?|grains?|ml|millilit(?:er|re)s?|l|cc|iu|international units?' +
  '|units?|unt|u|meq|mmol|mbq|mci|%|hours?|hrs?|h|days?|bau)';
const PER =
  '(?:actuations?|actuat|act|inhalations?|sprays?|puffs?|doses?|tablets?|tabs?|capsules?|caps?|vials?|sqcm)';

const STRENGTH = new RegExp(
  String.raw`(?<![\p{L}\p{N}])${NUMBER}(?:\s*[-/]\s*${NUMBER})*\s*-?\s*${UNIT}` +
    String.raw`(?:\s*(?:/|per|in)\s*(?:${NUMBER}\s*)?(?:${UNIT}|${PER}))?(?![\p{L}\p{N}])${COUNTED_PIECES}`,
  'gu',
);
/** A strength that follows its name without a space (`ibuprofen200mg`). Short letters before digits may be a name (`b12`). */
const ATTACHED = /(?<=\p{L}{4})(?=\d+(?:[.,]\d+)*\s?(?:mg|mcg|μg|g|ml)(?![\p{L}\p{N}]))/gu;
/** A number that no unit explains. It may be a strength (`warfarin 5`) or part of a name (`Tylenol 3`). */
const BARE_NUMBER = new RegExp(
  String.raw`(?<![\p{L}\p{N}-])#?${NUMBER}(?:\s*[-/]\s*${NUMBER})*(?![\p{L}\p{N}-])`,
  'gu',
);

/** What a product is without, what it comes in, how it is kept. */
const REMARK =
  /\b(?:preservative|sulfite|sugar|alcohol|dye|gluten)[- ]free\b|\b(?:in )?(?:plastic|duplex) container\b|\bpharmacy bulk(?: package)?\b|\bneeds no refrigeration\b|\bcombination pack\b|\(\s*\d+(?:[.,]\d+)*\s*(?:mcg|mg)?\s*base\s*\)|\bu-?(?:100|200|300|500)\b/gu;

const tidy = (text: string): string =>
  text
    .replace(/\(\s*\)|\[\s*\]/gu, ' ')
    .replace(/ {2,}/gu, ' ')
    .replace(/^[\s,;:/+.-]+|[\s,;:/+.-]+$/gu, '')
    .trim();

/** Text without remarks that say nothing about the drug, apart from the fluid and container that carry it. */
export const stripRemarks = (normalised: string): string =>
  tidy(normalised.replace(REMARK, (remark) => (remark.endsWith('container') ? remark : ' ')));

/** Text without strengths that carry a unit: its directions and forms are still there. */
export const stripAmounts = (normalised: string): string =>
  tidy(normalised.replace(REMARK, ' ').replace(ATTACHED, ' ').replace(STRENGTH, ' '));

/** Text without strengths that carry a unit, and without directions: `amoxicillin 500 mg capsule q8h` → `amoxicillin capsule`. */
export const stripStrengths = (normalised: string): string =>
  tidy(
    stripDirections(normalised.replace(REMARK, ' ').replace(ATTACHED, ' '))
      .replace(STRENGTH, ' ')
      .replace(/ {2,}/gu, ' '),
  );

/** Text without bare numbers, and how many numbers went: what this means depends on the name that is left. */
export function stripBareNumbers(text: string): { readonly text: string; readonly numbers: number } {
  let numbers = 0;
  const rest = text.replace(BARE_NUMBER, (match) => {
    numbers += match.split(/[-/]/u).length;
    return ' ';
  });
  return { text: tidy(rest), numbers };
}

/** Text without words of form, route, release and frequency, wherever they stand. */
export const stripForms = (text: string): string =>
  tidy(
    text
      .split(' ')
      .filter((word) => !FORM_WORDS.has(word.replace(/^[(,;]+|[),;.]+$/gu, '')))
      .join(' '),
  );

/**
 * The names left when salt words at the end are taken off one by one, nearest first. Stops before a mineral would be
 * all that is left, and refuses endings such as `calcium carbonate`, which are a second substance and not a salt.
 */
export function stripSalts(text: string): string[] {
  const tokens = text.split(' ');
  const shorter: string[] = [];
  while (tokens.length > 1) {
    const last = tokens.at(-1) ?? '';
    const before = tokens.at(-2) ?? '';
    if (!SALT_WORDS.has(last)) break;
    if (CATIONS.has(before) && INORGANIC_ANIONS.has(last)) break;
    tokens.pop();
    if (tokens.length === 1 && MINERALS.has(before)) break;
    const rest = tidy(tokens.join(' '));
    if (SIMPLE_ACIDS.has(rest)) break;
    shorter.push(rest);
  }
  return shorter;
}

/** `adalimumab-adaz` → `adalimumab`: the four letters by which the FDA tells biological products of one substance apart. */
export const stripBiologicSuffix = (text: string): string =>
  text.replace(
    /(mab|cept|stim|alfa|ase|pegol|toxina|vedotin|tecan|tansine|tesirine|mafodotin|glargine|aspart|lispro)-[a-z]{4}$/u,
    '$1',
  );

/** A number that is certainly a strength: below 1, or right behind a release word (`Wellbutrin XL 300`). */
export const hasClearStrength = (text: string): boolean =>
  /(?:\s0[.,]\d+|\s(?:er|xr|sr|cr|dr|la|xl|ec)\s+\d{2,4})$/u.test(text);

/** How much of an element a product holds: `65 mg elemental iron`, `Ca 300 mg`, `65 fe`. */
export const isAmount = (text: string): boolean =>
  /\d/u.test(text) &&
  /^(?:elemental )?(?:ca|fe|k|zn|calcium|iron|magnesium|potassium|zinc)$/u.test(
    stripBareNumbers(stripStrengths(text)).text,
  );

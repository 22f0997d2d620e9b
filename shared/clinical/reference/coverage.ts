import { LEVELS, VERIFICATIONS } from '../interactions/level.ts';
import { recognise } from '../names/resolve-medication.ts';
import { BUILT_IN, type Reference } from './reference.ts';

/** What a reference knows, in numbers. */
export interface Coverage {
  readonly data_set: { readonly id: string; readonly version: string; readonly date: string };
  readonly names: {
    readonly ingredients: number;
    readonly brands: number;
    readonly synonyms: number;
    readonly codes: number;
    readonly asked_about: number;
  };
  readonly ingredients_with_rules: number;
  readonly ingredients_with_one_rule: number;
  /** Declared as gone through: silence about a pair of them is an answer. */
  readonly ingredients_assessed: number;
  readonly rules: { readonly pairs: number; readonly groups: number; readonly duplicates: number };
  readonly by_verification: Readonly<Record<string, number>>;
  readonly by_level: Readonly<Record<string, number>>;
}

export function coverageOf(reference: Reference): Coverage {
  const [lexicon, index] = [reference.lexicon(), reference.rules()];
  const { id, version, date, pairs, groups, duplicates } = index.data;
  const entries = [...lexicon.entries.values()];
  const via = (how: string): number => entries.filter((entry) => entry.via === how).length;
  const covered = [...lexicon.ingredients].map((one) => index.coverageOf(one)).filter((count) => count > 0);
  const rules = [...pairs, ...groups, ...duplicates];
  const count = <K extends 'level' | 'verification'>(field: K, values: readonly string[]) =>
    Object.fromEntries(values.map((value) => [value, rules.filter((rule) => rule[field] === value).length]));
  return {
    data_set: { id, version, date },
    names: {
      ingredients: lexicon.ingredients.size,
      brands: via('brand'),
      synonyms: via('synonym'),
      codes: lexicon.codes.size,
      asked_about: lexicon.ambiguous.size,
    },
    ingredients_with_rules: covered.length,
    ingredients_with_one_rule: covered.filter((rulesOfOne) => rulesOfOne === 1).length,
    ingredients_assessed: [...lexicon.ingredients].filter((one) => index.isAssessed(one)).length,
    rules: { pairs: pairs.length, groups: groups.length, duplicates: duplicates.length },
    by_verification: count('verification', VERIFICATIONS),
    by_level: count('level', LEVELS),
  };
}

/** What one reference has and another lacks or understands otherwise, each as one line for a person. */
export function lossesBetween(current: Reference, next: Reference): readonly string[] {
  const [had, has] = [current.lexicon(), next.lexicon()];
  const [ruled, rules] = [current.rules(), next.rules()];
  const ids = new Set([...rules.data.pairs].map((rule) => rule.id));
  return [
    ...changed('name', had.entries, has.entries, ({ ingredients }) => ingredients.join('+')),
    ...changed('RxCUI', had.codes, has.codes, (ingredients) => ingredients.join('+')),
    ...ruled.data.pairs.filter(({ id }) => !ids.has(id)).map(({ id }) => `rule ${id} is gone`),
    ...[...had.ingredients]
      .filter((one) => ruled.coverageOf(one) > 0 && rules.coverageOf(one) === 0)
      .map((one) => `ingredient ${one} has no rule any more`),
    ...[...ruled.data.assessed]
      .filter((one) => !rules.isAssessed(one))
      .map((one) => `ingredient ${one} is not assessed any more`),
  ];
}

function changed<V>(
  what: string,
  before: ReadonlyMap<string, V>,
  after: ReadonlyMap<string, V>,
  meaning: (value: V) => string,
): string[] {
  return [...before].flatMap(([key, value]) => {
    const now = after.get(key);
    if (now === undefined) return [`${what} "${key}" (${meaning(value)}) is gone`];
    return meaning(now) === meaning(value)
      ? []
      : [`${what} "${key}" stood for ${meaning(value)} and would stand for ${meaning(now)}`];
  });
}

/** Built-in names and codes that the reference answers otherwise than the product alone: there must be none. */
export function brokenBuiltIns(reference: Reference): readonly string[] {
  const [builtIn, lexicon] = [BUILT_IN.lexicon(), reference.lexicon()];
  const names = [...builtIn.entries.values()].map((entry) => entry.name);
  const codes = [...builtIn.codes.keys()];
  return [...names, ...builtIn.ambiguous.keys(), ...codes].filter(
    (text) => recognise(text, lexicon)?.join('+') !== recognise(text, builtIn)?.join('+'),
  );
}

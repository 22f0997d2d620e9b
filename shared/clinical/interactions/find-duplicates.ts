import { type Entry, type Found, findingId, statedBy, wordsFor } from './finding.ts';
import { byText, rankOf } from './level.ts';
import type { DuplicateRule } from './reference-data.ts';
import type { RuleIndex } from './rule-index.ts';

interface Hit {
  readonly rule: DuplicateRule;
  readonly ingredients: readonly string[];
}

/**
 * The same ingredient, the same substance under another name, or two drugs of one class, in different entries. Rules
 * about the very same ingredients tell the same: the highest level speaks, then the narrowest rule, and names the others.
 */
export function findDuplicates(entries: readonly Entry[], index: RuleIndex): Found[] {
  const ingredients = [...new Set(entries.flatMap((entry) => entry.ingredients))].sort();
  const hits = Map.groupBy(
    index.duplicates.flatMap((rule) => hitsOf(rule, ingredients, entries)),
    (hit) => hit.ingredients.join('+'),
  );
  return [...hits.values()].flatMap((same): Found[] => {
    const [first, ...others] = same.sort(decidesFirst);
    if (first === undefined) return [];
    return [
      {
        id: findingId(first.rule.id, first.ingredients),
        kind: 'duplicate',
        ...statedBy(first.rule, index.data),
        medications: repeated(first.ingredients, entries),
        ingredients: first.ingredients,
        direction: null,
        other_rules: others.map(({ rule }) => ({ rule_id: rule.id, level: rule.level })),
      },
    ];
  });
}

function hitsOf(rule: DuplicateRule, ingredients: readonly string[], entries: readonly Entry[]): Hit[] {
  const inSeveral = (names: readonly string[]): boolean =>
    entries.filter((entry) => entry.ingredients.some((name) => names.includes(name))).length > 1;
  const members = ingredients.filter((name) => rule.members.has(name));
  if (rule.by === 'ingredient') {
    const about = rule.members.size === 0 ? ingredients : members;
    return about.filter((name) => inSeveral([name])).map((name): Hit => ({ rule, ingredients: [name] }));
  }
  return members.length > 1 && inSeveral(members) ? [{ rule, ingredients: members }] : [];
}

const NARROWEST = { ingredient: 0, substance: 1, class: 2 } as const;

const decidesFirst = ({ rule: a }: Hit, { rule: b }: Hit): number =>
  rankOf(a.level) - rankOf(b.level) || NARROWEST[a.by] - NARROWEST[b.by] || byText(a.id, b.id);

/** As `wordsFor`, but two entries with the very same words are told as two. */
const repeated = (ingredients: readonly string[], entries: readonly Entry[]): readonly string[] => {
  const words = wordsFor(ingredients, entries);
  if (words.length > 1) return words;
  return entries
    .filter((entry) => entry.ingredients.some((name) => ingredients.includes(name)))
    .map((entry) => entry.medication);
};

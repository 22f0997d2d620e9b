import { type Entry, type Finding, findingId, statedBy, wordsFor } from './finding.ts';
import type { DuplicateRule } from './reference-data.ts';
import type { RuleIndex } from './rule-index.ts';

/** The rule for one ingredient in two entries; every data set has to have it. */
export const SAME_INGREDIENT = 'duplicate-ingredient';

/** The same ingredient, the same substance under another name, or two drugs of one class, in different entries. */
export function findDuplicates(entries: readonly Entry[], index: RuleIndex): Finding[] {
  const findings: Finding[] = [];
  const report = (rule: DuplicateRule, ingredients: readonly string[]): void => {
    findings.push({
      id: findingId(rule.id, ingredients),
      kind: 'duplicate',
      ...statedBy(rule, index.data),
      medications: repeated(ingredients, entries),
      ingredients,
      direction: null,
      other_rules: [],
    });
  };

  const ingredients = [...new Set(entries.flatMap((entry) => entry.ingredients))].sort();
  const holders = (name: string): number =>
    entries.filter((entry) => entry.ingredients.includes(name)).length;
  const same = index.duplicates.find((rule) => rule.id === SAME_INGREDIENT);
  if (same !== undefined) {
    for (const name of ingredients.filter((one) => holders(one) > 1)) report(same, [name]);
  }
  for (const rule of index.duplicates) {
    if (rule === same) continue;
    const members = ingredients.filter((name) => rule.members.has(name));
    const meet =
      entries.filter((entry) => entry.ingredients.some((name) => rule.members.has(name))).length > 1;
    if (members.length > 1 && meet) report(rule, members);
  }
  return findings;
}

/** As `wordsFor`, but two entries with the very same words are told as two. */
const repeated = (ingredients: readonly string[], entries: readonly Entry[]): readonly string[] => {
  const words = wordsFor(ingredients, entries);
  if (words.length > 1) return words;
  return entries
    .filter((entry) => entry.ingredients.some((name) => ingredients.includes(name)))
    .map((entry) => entry.medication);
};

import { type Entry, type Found, findingId, statedBy, wordsFor } from './finding.ts';
import type { GroupRule } from './reference-data.ts';
import type { RuleIndex } from './rule-index.ts';

/** Effects that add up over three or more drugs, even where each pair alone is of little weight. */
export function findGroups(entries: readonly Entry[], index: RuleIndex): Found[] {
  const ingredients = [...new Set(entries.flatMap((entry) => entry.ingredients))].sort();
  return index.groups.flatMap((rule): Found[] => {
    const members = membersIn(rule, ingredients, index);
    const holders = entries.filter((entry) => entry.ingredients.some((name) => members.includes(name)));
    // All of them from one product: that product was made so.
    if (members.length === 0 || new Set(holders.map((entry) => entry.ingredients.join('+'))).size < 2)
      return [];
    return [
      {
        id: findingId(rule.id, members),
        kind: 'group',
        ...statedBy(rule, index.data),
        medications: wordsFor(members, entries),
        ingredients: members,
        direction: null,
        other_rules: [],
      },
    ];
  });
}

/** The ingredients that make the rule apply, or none. */
function membersIn(rule: GroupRule, ingredients: readonly string[], index: RuleIndex): string[] {
  const perSet = rule.sets.map((set) => ingredients.filter((name) => set.has(name)));
  const members = [...new Set(perSet.flat())].sort();
  const everySet = perSet.every((found) => found.length > 0);
  // One substance under two names adds up with itself as a duplicate, not here.
  const substances = new Set(members.map((name) => index.substanceOf(name)));
  return everySet && substances.size >= rule.minimum ? members : [];
}

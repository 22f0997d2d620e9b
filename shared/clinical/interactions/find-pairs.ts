import { type Entry, type Found, findingId, statedBy, wordsFor } from './finding.ts';
import { byText } from './level.ts';
import type { RuleIndex } from './rule-index.ts';

export interface PairAnswer {
  readonly findings: readonly Found[];
  /** Pairs of ingredients that were held against the rules. */
  readonly compared: number;
}

const sameProduct = (a: Entry, b: Entry): boolean => a.ingredients.join('+') === b.ingredients.join('+');

/** Pairs of ingredients that meet because of two different products; those within one product belong together. */
function pairsBetween(entries: readonly Entry[]): [string, string][] {
  const pairs = new Map<string, [string, string]>();
  entries.forEach((one, index) => {
    for (const other of entries.slice(index + 1)) {
      if (sameProduct(one, other)) continue;
      for (const x of one.ingredients) {
        for (const y of other.ingredients) {
          const pair: [string, string] = byText(x, y) <= 0 ? [x, y] : [y, x];
          if (x !== y) pairs.set(pair.join('+'), pair);
        }
      }
    }
  });
  return [...pairs.values()];
}

/** One finding for every pair of ingredients that a rule names. `entries` are in order of their words. */
export function findPairs(entries: readonly Entry[], index: RuleIndex): PairAnswer {
  const pairs = pairsBetween(entries);
  const findings = pairs.flatMap(([a, b]): Found[] => {
    const [first, ...others] = index.areOneSubstance(a, b) ? [] : index.match(a, b);
    if (first === undefined) return [];
    const { rule, affected, by } = first;
    return [
      {
        id: findingId(rule.id, [a, b]),
        kind: 'pair',
        ...statedBy(rule, index.data),
        medications: wordsFor([a, b], entries),
        ingredients: [a, b],
        direction: rule.mutual ? null : { affected, by },
        other_rules: others.map((other) => ({ rule_id: other.rule.id, level: other.rule.level })),
      },
    ];
  });
  return { findings, compared: pairs.length };
}

import { byText, rankOf, VERIFICATIONS } from './level.ts';
import type { DuplicateRule, GroupRule, PairRule, ReferenceData } from './reference-data.ts';

/** A rule that applies to a pair, told which of the two is its object. */
export interface PairMatch {
  readonly rule: PairRule;
  readonly affected: string;
  readonly by: string;
}

interface Sides {
  object: boolean;
  precipitant: boolean;
}

/** Rules by ingredient, so that a pair costs one walk over the rules of one of its two ingredients. */
export class RuleIndex {
  readonly data: ReferenceData;
  readonly #byIngredient = new Map<string, Map<PairRule, Sides>>();
  readonly #coverage = new Map<string, number>();
  /** Ingredient → one name for all that are the same substance. */
  readonly #substance = new Map<string, string>();

  constructor(data: ReferenceData) {
    this.data = data;
    for (const rule of data.pairs) {
      for (const member of rule.object) this.#sides(member, rule).object = true;
      for (const member of rule.precipitant) this.#sides(member, rule).precipitant = true;
    }
    // A rule for duplicates compares a drug with its own class only: that is no coverage.
    for (const [name, rules] of this.#byIngredient) this.#coverage.set(name, rules.size);
    for (const name of data.groups.flatMap((rule) => rule.sets.flatMap((set) => [...set]))) {
      this.#coverage.set(name, (this.#coverage.get(name) ?? 0) + 1);
    }
    for (const rule of data.duplicates.filter((one) => one.by === 'substance')) {
      for (const member of rule.members) this.#substance.set(member, rule.id);
    }
  }

  #sides(ingredient: string, rule: PairRule): Sides {
    const rules = this.#byIngredient.get(ingredient) ?? new Map<PairRule, Sides>();
    this.#byIngredient.set(ingredient, rules);
    const sides = rules.get(rule) ?? { object: false, precipitant: false };
    rules.set(rule, sides);
    return sides;
  }

  /** Declared as gone through, and named by a rule or stated to have none. Otherwise silence about it means nothing. */
  isAssessed(ingredient: string): boolean {
    const { assessed, noneKnown } = this.data;
    return assessed.has(ingredient) && (this.coverageOf(ingredient) > 0 || noneKnown.has(ingredient));
  }

  /** How many rules are about this ingredient. A few of them are no declaration that the others were looked for. */
  coverageOf(ingredient: string): number {
    return this.#coverage.get(ingredient) ?? 0;
  }

  /** One name for all ingredients that are the same substance, such as a prodrug and the drug that it becomes. */
  substanceOf(ingredient: string): string {
    return this.#substance.get(ingredient) ?? ingredient;
  }

  /** Whether two ingredients are one substance under two names: a duplicate, and no interaction. */
  areOneSubstance(a: string, b: string): boolean {
    return this.substanceOf(a) === this.substanceOf(b);
  }

  /** Every rule that applies to two different ingredients, the one that decides first; the same for (b, a). */
  match(first: string, second: string): PairMatch[] {
    const [a, b] = byText(first, second) <= 0 ? [first, second] : [second, first];
    const ofA = this.#byIngredient.get(a);
    const ofB = this.#byIngredient.get(b);
    if (a === b || ofA === undefined || ofB === undefined) return [];
    const matches: PairMatch[] = [];
    for (const rule of (ofA.size <= ofB.size ? ofA : ofB).keys()) {
      const sidesA = ofA.get(rule);
      const sidesB = ofB.get(rule);
      if (sidesA === undefined || sidesB === undefined) continue;
      if (sidesA.object && sidesB.precipitant) matches.push({ rule, affected: a, by: b });
      else if (sidesA.precipitant && sidesB.object) matches.push({ rule, affected: b, by: a });
    }
    const replaced = new Set(matches.flatMap(({ rule }) => rule.overrides.map((override) => override.rule)));
    return matches.filter(({ rule }) => !replaced.has(rule.id)).sort((x, y) => decidesFirst(x.rule, y.rule));
  }

  get groups(): readonly GroupRule[] {
    return this.data.groups;
  }

  get duplicates(): readonly DuplicateRule[] {
    return this.data.duplicates;
  }
}

/** The highest level wins, then the better verified, then the rule's id. */
const decidesFirst = (a: PairRule, b: PairRule): number =>
  rankOf(a.level) - rankOf(b.level) ||
  VERIFICATIONS.indexOf(a.verification) - VERIFICATIONS.indexOf(b.verification) ||
  byText(a.id, b.id);

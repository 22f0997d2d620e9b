import { byText, isInterruptive, type Level, rankOf, type Verification } from './level.ts';
import type { ReferenceData, Statement } from './reference-data.ts';

/** One thing that somebody has to look at. Plain JSON, as it is stored and answered. */
export type Finding = {
  /** Made of the rule and the ingredients: the same for the same medications, in whatever order they were sent. */
  readonly id: string;
  readonly kind: 'pair' | 'duplicate' | 'group';
  readonly level: Level;
  readonly interruptive: boolean;
  /** The caller's own words, in the order of `ingredients` where one stands for one. */
  readonly medications: readonly string[];
  readonly ingredients: readonly string[];
  readonly title: string;
  readonly mechanism: string | null;
  readonly clinical_effect: string;
  readonly management: string;
  readonly modifiers: readonly string[];
  /** `null`: each acts on the other, or several act together. */
  readonly direction: { readonly affected: string; readonly by: string } | null;
  readonly evidence_level: string;
  readonly rule_id: string;
  readonly source: string;
  readonly source_url: string | null;
  readonly source_date: string;
  readonly verification: Verification;
  /** Further rules that apply to the same ingredients and do not decide its level. */
  readonly other_rules: readonly { readonly rule_id: string; readonly level: Level }[];
  /** Which entries were named in a form for local use, such as a shampoo. Changes neither level nor outcome. */
  readonly route_note: string | null;
};

/** A finding before anybody looked at the forms that its entries name. */
export type Found = Omit<Finding, 'route_note'>;

/** An entry of the request whose ingredients are known. */
export interface Entry {
  /** The caller's own words. */
  readonly medication: string;
  readonly ingredients: readonly string[];
}

/** The part of a finding that follows from its rule alone. */
export function statedBy(rule: Statement, data: ReferenceData) {
  const source = data.sources.get(rule.sourceId);
  return {
    level: rule.level,
    interruptive: isInterruptive(rule.level),
    title: rule.title,
    mechanism: rule.mechanism,
    clinical_effect: rule.effect,
    management: rule.management,
    modifiers: rule.modifiers,
    evidence_level: rule.evidence,
    rule_id: rule.id,
    source: source?.citation ?? rule.sourceId,
    source_url: source?.url ?? null,
    source_date: source?.date ?? data.date,
    verification: rule.verification,
  };
}

export const findingId = (ruleId: string, ingredients: readonly string[]): string =>
  `${ruleId}/${ingredients.join('+').replaceAll(' ', '-')}`;

/** The words of every entry that holds one of the ingredients, in the order of the ingredients, each once. */
export const wordsFor = (ingredients: readonly string[], entries: readonly Entry[]): string[] => [
  ...new Set(
    ingredients.flatMap((ingredient) =>
      entries.filter((entry) => entry.ingredients.includes(ingredient)).map((entry) => entry.medication),
    ),
  ),
];

/** The most serious first; pairs, groups, duplicates; then by id. */
export const inOrder = (a: Found, b: Found): number =>
  rankOf(a.level) - rankOf(b.level) || KIND_ORDER[a.kind] - KIND_ORDER[b.kind] || byText(a.id, b.id);

const KIND_ORDER = { pair: 0, group: 1, duplicate: 2 } as const;

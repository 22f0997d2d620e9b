import { type InteractionCheck, LEVELS, type Outcome } from '../../clinical/interactions/index.ts';
import type { Recall } from '../ports.ts';
import type { CurrentView } from './join-current.ts';

/** Outcome and counts, no drug and no name: lists of jobs show this line. */
export function summaryOf({
  outcome,
  counts,
  current,
}: InteractionCheck & {
  readonly current?: Pick<CurrentView, 'unnamed' | 'paused' | 'contradictory'>;
}): string {
  const levels = LEVELS.filter((level) => counts.by_level[level] > 0).map(
    (level) => `${counts.by_level[level]} ${level}`,
  );
  const unnamed = current?.unnamed.length ?? 0;
  const paused = current?.paused.length ?? 0;
  const contradictory = current?.contradictory.length ?? 0;
  const gaps = [
    counts.unrecognised > 0 ? `${counts.unrecognised} unrecognised` : '',
    counts.not_assessed > 0 ? `${counts.not_assessed} not assessed` : '',
    unnamed > 0 ? `${unnamed} without a name` : '',
    paused > 0 ? `${paused} paused` : '',
    contradictory > 0 ? `${contradictory} with names that differ` : '',
  ].filter((part) => part !== '');
  const parts = [...levels, ...gaps, `${counts.pairs_compared} pairs compared`];
  return `${outcome}: ${parts.join(', ')}`;
}

/** The outcome that a line of `summaryOf` begins with. */
export const outcomeIn = (summary: string): string | undefined => /^([a-z_]+):/.exec(summary)?.[1];

/**
 * By what a result is found again when a rule or a whole data set turns out to be wrong: every rule that applied, also
 * where another one decided or the finding was hidden. Nothing when nothing was compared.
 * @param whole the check before any filter
 * @param outcome of the answer as a whole
 */
export function recallOf(whole: InteractionCheck, outcome: Outcome): Recall | undefined {
  const { data_set: dataSet, findings, counts } = whole;
  if (!dataSet) return undefined;
  const rules = findings.flatMap(({ rule_id, other_rules }) => [
    rule_id,
    ...other_rules.map((other) => other.rule_id),
  ]);
  return {
    dataSet: `${dataSet.id}@${dataSet.version}`,
    rules: [...new Set(rules)].sort(),
    outcome,
    level: LEVELS.find((level) => counts.by_level[level] > 0) ?? null,
  };
}

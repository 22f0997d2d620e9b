import { LEVELS, VERIFICATIONS } from '../interactions/level.ts';
import type { RuleIndex } from '../interactions/rule-index.ts';
import type { NameCollector } from './name-collector.ts';
import type { PackRule, PackSource } from './pack.ts';
import type { Place, Tally } from './tally.ts';

/** Columns of a file of pairs, in any order; docs/reference-data.md explains each. */
export const PAIR_COLUMNS = {
  required: ['a', 'b', 'level', 'effect', 'management', 'source', 'date', 'verification'],
  optional: [
    'id',
    'title',
    'affected',
    'mechanism',
    'modifiers',
    'evidence',
    'url',
    'overrides',
    'reason',
    'assessed',
  ],
} as const;
type Column = (typeof PAIR_COLUMNS)['required' | 'optional'][number];

/** One row of the file by column name; absent or empty: nothing is said. */
export interface PairLine extends Place {
  readonly values: Readonly<Partial<Record<string, string>>>;
}

export interface PairRules {
  readonly rules: readonly PackRule[];
  readonly sources: readonly PackSource[];
}

interface Known {
  readonly names: NameCollector;
  /** The rules below the pack: those that a line may name in `overrides`. */
  readonly rules: RuleIndex;
  /** `YYYY-MM-DD`; no source is younger. */
  readonly today: string;
}

/** What makes a line useless; thrown and caught in this file only. */
class LineError extends Error {
  readonly reason: Parameters<Tally['reject']>[1];

  constructor(reason: Parameters<Tally['reject']>[1], detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/**
 * Reads a deployer's own pair rules. A line is taken whole or not at all: both names have to lead to one ingredient
 * each, and a lower level than that of a standing rule counts only where the line names that rule with a reason.
 */
export async function readPairs(
  lines: AsyncIterable<PairLine>,
  known: Known,
  tally: Tally,
): Promise<PairRules> {
  const rules = new Map<string, PackRule & { readonly line: number }>();
  const sources = new Map<string, PackSource>();
  for await (const line of lines) {
    tally.read();
    try {
      const { rule, source } = readLine(line, known);
      const twin = rules.get(rule.id);
      if (twin) throw new LineError('stands_twice', `Rule ${rule.id} stands in line ${twin.line} already.`);
      for (const one of [rule.object, rule.precipitant]) known.names.use(one);
      rules.set(rule.id, { ...rule, line: line.line });
      sources.set(source.id, source);
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      tally.reject(line, error.reason, error.message);
    }
  }
  return { rules: [...rules.values()].map(({ line, ...rule }) => rule), sources: [...sources.values()] };
}

function readLine(line: PairLine, known: Known): { rule: PackRule; source: PackSource } {
  const value = (column: Column): string => (line.values[column] ?? '').trim();
  const missing = PAIR_COLUMNS.required.filter((column) => value(column) === '');
  if (missing.length > 0) throw new LineError('missing_value', `Nothing stands in ${missing.join(', ')}.`);
  const [a, b] = [ingredientOf(value('a'), known.names), ingredientOf(value('b'), known.names)];
  if (a === b) throw new LineError('same_ingredient', `"${value('a')}" and "${value('b')}" are both ${a}.`);
  const affected = oneOf('affected', value('affected') || 'both', ['a', 'b', 'both']);
  const [first, second] = [a, b].sort();
  const id = value('id') || `own-${slug(first ?? '')}-${slug(second ?? '')}`;
  if (!/^[a-z0-9][a-z0-9-]{2,119}$/u.test(id))
    throw new LineError('invalid_value', 'id: lower-case letters, digits and hyphens, 3 to 120 of them.');
  if (isStanding(id, known.rules))
    throw new LineError('stands_twice', `Rule ${id} is a rule of the product.`);
  const source = sourceOf(value, known.today);
  return {
    source,
    rule: {
      id,
      title: value('title') || `${a} with ${b}`,
      level: oneOf('level', value('level'), LEVELS),
      object: affected === 'b' ? b : a,
      precipitant: affected === 'b' ? a : b,
      mutual: affected === 'both',
      ...(value('mechanism') !== '' && { mechanism: value('mechanism') }),
      effect: value('effect'),
      management: value('management'),
      modifiers: listed(value('modifiers')),
      evidence: value('evidence') || 'the deployer’s own rule',
      source: source.id,
      verification: oneOf('verification', value('verification'), VERIFICATIONS),
      overrides: overridesOf(listed(value('overrides')), value('reason'), [a, b], known.rules),
      assessed: assessedOf(oneOf('assessed', value('assessed'), ['', 'a', 'b', 'both']), a, b),
    },
  };
}

/** Ingredients of the pair of which the line says that the house has gone through all their interactions. */
const assessedOf = (which: '' | 'a' | 'b' | 'both', a: string, b: string): readonly string[] => [
  ...(which === 'a' || which === 'both' ? [a] : []),
  ...(which === 'b' || which === 'both' ? [b] : []),
];

function ingredientOf(text: string, names: NameCollector): string {
  const found = names.known(text);
  if (!found) throw new LineError('unknown_name', `"${text}" is not recognised.`);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new LineError(
      'several_ingredients',
      `"${text}" stands for ${found.join('+')}: name one ingredient.`,
    );
  return only;
}

/** A rule may only be replaced where it applies, and never without a word why. */
function overridesOf(
  ids: readonly string[],
  reason: string,
  [a, b]: readonly [string, string],
  rules: RuleIndex,
): PackRule['overrides'] {
  if (ids.length > 0 && reason === '')
    throw new LineError('override_refused', 'A line that names overrides gives a reason.');
  const applying = new Set(rules.match(a, b).map(({ rule }) => rule.id));
  const other = ids.find((id) => !applying.has(id));
  if (other !== undefined)
    throw new LineError('override_refused', `"${other}" is no rule that decides about ${a} and ${b}.`);
  return ids.map((rule) => ({ rule, reason }));
}

function sourceOf(value: (column: Column) => string, today: string): PackSource {
  const date = value('date');
  if (!/^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/u.test(date) || date > today)
    throw new LineError('invalid_value', 'date: YYYY, YYYY-MM or YYYY-MM-DD, and not in the future.');
  const url = value('url');
  if (url !== '' && !/^https?:\/\//u.test(url))
    throw new LineError('invalid_value', 'url: begins with https://.');
  const citation = value('source');
  return { id: `own:${JSON.stringify([citation, url, date])}`, citation, ...(url !== '' && { url }), date };
}

function oneOf<const T extends string>(column: Column, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found === undefined) throw new LineError('invalid_value', `${column}: one of ${allowed.join(', ')}.`);
  return found;
}

const isStanding = (id: string, { data }: RuleIndex): boolean =>
  [...data.pairs, ...data.groups, ...data.duplicates].some((rule) => rule.id === id);

const listed = (text: string): string[] =>
  text
    .split('|')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** Short enough for an id of two; two pairs that become one by it are told of as such. */
const slug = (ingredient: string): string => ingredient.replaceAll(/[^a-z0-9]+/gu, '-').slice(0, 50);

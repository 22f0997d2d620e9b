import { builtInRules } from '../interactions/built-in-rules.ts';
import { withPairRules } from '../interactions/parse-rules.ts';
import { ReferenceDataError } from '../interactions/reference-data.ts';
import { RuleIndex } from '../interactions/rule-index.ts';
import { builtInNames } from '../names/built-in-lexicon.ts';
import { buildLexicon, type Lexicon } from '../names/lexicon.ts';
import { type OpenedPack, openPack } from './pack.ts';
import type { Reference } from './reference.ts';

/**
 * The built-in names and rules with a pack on top. Whatever is wrong with the pack shows here and not in a check: a name
 * that stands for another ingredient than in the built-in data, a rule about an ingredient that nobody knows.
 * The id and the version of the data set name both, so results made with another pack can be told apart.
 * @throws ReferenceDataError, NameDataError
 */
export function referenceWith(json: unknown): Reference {
  const pack = openPack(json);
  const lexicon = buildLexicon([...builtInNames(), ...pack.parts.map(({ names }) => labelled(names, pack))]);
  const base = builtInRules().data;
  const head = {
    id: `${base.id}.${pack.id}`,
    version: `${base.version}-pack-${pack.version}`,
    date: [base.date, dateOf(pack)].sort().at(-1) ?? base.date,
  };
  const data = withPairRules(base, head, pack.parts);
  for (const rule of data.pairs.slice(base.pairs.length)) knownMembers(rule, lexicon);
  const rules = new RuleIndex(data);
  return { lexicon: () => lexicon, rules: () => rules };
}

const labelled = (names: OpenedPack['parts'][number]['names'], pack: OpenedPack) => ({
  ...names,
  version: `pack-${pack.version}`,
  date: dateOf(pack),
});

const dateOf = (pack: OpenedPack): string => pack.created.slice(0, 10);

function knownMembers(
  rule: {
    readonly id: string;
    readonly object: ReadonlySet<string>;
    readonly precipitant: ReadonlySet<string>;
  },
  lexicon: Lexicon,
): void {
  for (const member of [...rule.object, ...rule.precipitant])
    if (!lexicon.ingredients.has(member))
      throw new ReferenceDataError(`Rule "${rule.id}" names the unknown ingredient "${member}"`);
}

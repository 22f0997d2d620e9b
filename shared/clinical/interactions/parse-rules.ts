import { type Classes, membersOf, readClasses } from './classes.ts';
import { readCoverage } from './coverage.ts';
import { expandCypRules } from './expand-cyp-rules.ts';
import { JsonReader } from './read-json.ts';
import { readStatement } from './read-statement.ts';
import {
  type DuplicateRule,
  type GroupRule,
  type PairRule,
  type ReferenceData,
  ReferenceDataError,
  type Source,
} from './reference-data.ts';

const readPairs = (file: JsonReader, classes: Classes): PairRule[] =>
  file.objects('rules').map((rule) => ({
    ...readStatement(rule, file),
    object: membersOf(rule.text('object'), classes),
    precipitant: membersOf(rule.text('precipitant'), classes),
    mutual: rule.flag('mutual'),
    overrides: rule
      .objects('overrides')
      .map((override) => ({ rule: override.text('rule'), reason: override.text('reason') })),
  }));

const readGroups = (file: JsonReader, classes: Classes): GroupRule[] =>
  file.objects('groups').map((rule) => ({
    ...readStatement(rule, file),
    sets: rule.texts('sets').map((list) => membersOf(list, classes)),
    minimum: rule.count('minimum'),
  }));

const readDuplicates = (file: JsonReader, classes: Classes): DuplicateRule[] =>
  file.objects('duplicates').map((rule) => ({
    ...readStatement(rule, file),
    members: rule.has('members') ? membersOf(rule.text('members'), classes) : new Set<string>(),
    by: rule.flag('same_ingredient') ? 'ingredient' : rule.flag('same_substance') ? 'substance' : 'class',
  }));

const readSource = (entry: JsonReader): Source => ({
  id: entry.text('id'),
  citation: entry.text('citation'),
  url: entry.optionalText('url'),
  date: entry.text('date'),
});

/**
 * Reads a data set: one file of classes and sources, any number of rule files, and the declaration of coverage.
 * Without a declaration no ingredient counts as assessed, so no check can be reassuring.
 * @throws ReferenceDataError that names the place of the first mistake, or when there is no rule at all.
 */
export function parseReferenceData(
  head: unknown,
  ruleFiles: readonly unknown[],
  coverage: unknown = { profiles: [] },
): ReferenceData {
  const file = new JsonReader(head, 'classes and sources');
  const classes = readClasses(file);
  const sources = new Map(file.objects('sources').map((entry) => [entry.text('id'), readSource(entry)]));
  const files = ruleFiles.map((json, index) => new JsonReader(json, `rule file ${index + 1}`));
  const data: ReferenceData = {
    id: file.text('id'),
    version: file.text('version'),
    date: file.text('date'),
    sources,
    pairs: files.flatMap((one) => [...readPairs(one, classes), ...expandCypRules(one, classes)]),
    groups: files.flatMap((one) => readGroups(one, classes)),
    duplicates: files.flatMap((one) => readDuplicates(one, classes)),
    ...readCoverage(new JsonReader(coverage, 'coverage'), classes),
    systemicFromSkin: new Set(classes.get('systemic-from-skin')),
  };
  return checked(data);
}

/**
 * A data set with further pair rules and sources on top, under its own id, version and date.
 * @throws ReferenceDataError that names the place of the first mistake
 */
export const withPairRules = (
  data: ReferenceData,
  head: Pick<ReferenceData, 'id' | 'version' | 'date'>,
  files: readonly { readonly sources: readonly JsonReader[]; readonly rules: JsonReader }[],
): ReferenceData =>
  checked({
    ...data,
    ...head,
    sources: new Map([
      ...data.sources,
      ...files.flatMap(({ sources }) =>
        sources.map((entry) => [entry.text('id'), readSource(entry)] as const),
      ),
    ]),
    pairs: [...data.pairs, ...files.flatMap(({ rules }) => readPairs(rules, new Map()))],
    assessed: new Set([
      ...data.assessed,
      ...files.flatMap(({ rules }) => rules.objects('rules').flatMap((rule) => rule.texts('assessed'))),
    ]),
  });

function checked(data: ReferenceData): ReferenceData {
  if (data.pairs.length === 0) throw new ReferenceDataError('The data set holds no rule');
  const ids = new Set<string>();
  for (const rule of [...data.pairs, ...data.groups, ...data.duplicates]) {
    if (ids.has(rule.id)) throw new ReferenceDataError(`Rule "${rule.id}" stands twice`);
    if (!data.sources.has(rule.sourceId))
      throw new ReferenceDataError(`Rule "${rule.id}" has no known source`);
    ids.add(rule.id);
  }
  for (const { rule } of data.pairs.flatMap((pair) => pair.overrides)) {
    if (!ids.has(rule)) throw new ReferenceDataError(`A rule overrides the unknown rule "${rule}"`);
  }
  return data;
}

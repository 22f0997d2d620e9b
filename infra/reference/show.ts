import Table from 'cli-table3';
import type { Coverage } from '#shared/clinical/reference/coverage.ts';
import type { Rejection } from '#shared/clinical/reference/tally.ts';
import type { ImportAnswer } from './import-pack.ts';
import type { Status } from './status.ts';

const PLAIN = { style: { head: [], border: [] } };
const SHOWN = 20;

/** What an import did, for a person. */
export function importText(answer: ImportAnswer, first: readonly Rejection[], report: string): string {
  const { part, tally, losses, refusals, made } = answer;
  const { accepted, skipped, rejected } = part.counts;
  const list = (title: string, lines: readonly string[], all: number): string[] =>
    all === 0 ? [] : ['', `${title} (${all}):`, ...lines, ...(all > lines.length ? ['  …'] : [])];
  return [
    `${accepted + skipped + rejected} lines: ${accepted} accepted, ${skipped} skipped, ${rejected} rejected`,
    ...[...tally.skips].map(([why, count]) => `  skipped ${count}: ${why}`),
    ...[...tally.reasons].map(([reason, count]) => `  rejected ${count}: ${reason}`),
    ...list(
      'Rejected',
      first.map(({ file, line, reason, detail }) => `  ${file}:${line} ${reason}: ${detail}`),
      rejected,
    ),
    rejected > 0 ? `All of them: ${report}` : '',
    ...list(
      'Lost against the data in use',
      losses.slice(0, SHOWN).map((loss) => `  ${loss}`),
      losses.length,
    ),
    '',
    ...refusals.map((refusal) => `Refused: ${refusal}`),
    made === undefined
      ? 'Nothing has changed: the data in use stays.'
      : `Pack ${made.pack.id}, version ${made.pack.version}, ${made.bytes.length} bytes.`,
  ]
    .filter((line, index, all) => line !== '' || all[index - 1] !== '')
    .join('\n');
}

/** What is loaded and what it covers, for a person. */
export function statusText({ builtIn, inUse, pack, problem, ids }: Status): string {
  const table = new Table({ head: ['', 'built-in', 'in use'], ...PLAIN });
  for (const [label, of] of ROWS) table.push([label, of(builtIn), inUse ? of(inUse) : '-']);
  const parts = new Table({
    head: ['part', 'imported', 'files', 'accepted', 'skipped', 'rejected'],
    ...PLAIN,
  });
  for (const { format, imported, files, counts } of pack?.parts ?? [])
    parts.push([
      format,
      imported,
      files.map(({ name, sha256 }) => `${name} ${sha256.slice(0, 12)}`).join('\n'),
      counts.accepted,
      counts.skipped,
      counts.rejected,
    ]);
  return [
    problem === undefined
      ? ''
      : `NOT USABLE: ${problem}\nChecks answer "error" until another pack is in use.`,
    pack ? `Pack ${pack.id}, version ${pack.version}, made ${pack.created}` : 'No pack is in use.',
    ...(pack ? [parts.toString()] : []),
    table.toString(),
    ids.length > 0 ? `Packs: ${ids.join(', ')}` : '',
  ]
    .filter((text) => text !== '')
    .join('\n');
}

type Row = readonly [label: string, of: (coverage: Coverage) => string | number];

const counts = (table: Readonly<Record<string, number>>): string =>
  Object.entries(table)
    .map(([name, count]) => `${name} ${count}`)
    .join('\n');

const ROWS: readonly Row[] = [
  ['data set', ({ data_set }) => data_set.version],
  ['ingredients', ({ names }) => names.ingredients],
  ['  with rules', (coverage) => coverage.ingredients_with_rules],
  ['  with one rule only', (coverage) => coverage.ingredients_with_one_rule],
  ['  assessed', (coverage) => coverage.ingredients_assessed],
  ['brands', ({ names }) => names.brands],
  ['synonyms', ({ names }) => names.synonyms],
  ['RxCUIs', ({ names }) => names.codes],
  ['asked, never answered', ({ names }) => names.asked_about],
  ['rules', ({ rules }) => counts(rules)],
  ['by level', (coverage) => counts(coverage.by_level)],
  ['by verification', (coverage) => counts(coverage.by_verification)],
];

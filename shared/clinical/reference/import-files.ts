import type { RuleIndex } from '../interactions/rule-index.ts';
import { builtInLexicon, builtInNames } from '../names/built-in-lexicon.ts';
import { buildLexicon } from '../names/lexicon.ts';
import { recognise } from '../names/resolve-medication.ts';
import { readDrugsAtFda } from './drugs-at-fda.ts';
import { NameCollector } from './name-collector.ts';
import type { PackFile, PackFormat, PackNames, PackPart } from './pack.ts';
import { type PairLine, type PairRules, readPairs } from './pairs-csv.ts';
import type { Reference } from './reference.ts';
import { readRxNorm } from './rxnorm-rrf.ts';
import type { SourceLine, Tally } from './tally.ts';

/** What the files of one import hold, read line by line and once. */
export type ImportedLines =
  | { readonly format: Exclude<PackFormat, 'pairs-csv'>; readonly lines: AsyncIterable<SourceLine> }
  | { readonly format: 'pairs-csv'; readonly lines: AsyncIterable<PairLine> };

const NO_RULES: PairRules = { rules: [], sources: [] };

/**
 * Makes one part of a pack of the files of one format.
 * @param below what the part will stand on: the built-in data and the parts that stay
 * @param filesRead asked when every line has been read
 */
export async function importFiles(
  imported: ImportedLines,
  below: Reference,
  tally: Tally,
  at: string,
  filesRead: () => readonly PackFile[],
): Promise<PackPart> {
  const names = new NameCollector(below.lexicon(), builtInLexicon(), tally);
  const { rules, sources } = await read(imported, names, below.rules(), tally, at);
  const collected = withoutDerived(names.finish());
  return {
    format: imported.format,
    imported: at,
    files: filesRead(),
    counts: tally.counts,
    names: collected,
    sources,
    rules,
  };
}

async function read(
  imported: ImportedLines,
  names: NameCollector,
  rules: RuleIndex,
  tally: Tally,
  at: string,
): Promise<PairRules> {
  switch (imported.format) {
    case 'rxnorm-rrf':
      await readRxNorm(imported.lines, names, tally);
      return NO_RULES;
    case 'drugsatfda':
      await readDrugsAtFda(imported.lines, names, tally);
      return NO_RULES;
    case 'pairs-csv':
      return readPairs(imported.lines, { names, rules, today: at.slice(0, 10) }, tally);
  }
}

/**
 * Leaves out the names of products that follow from the others (`foobarin 10 MG Oral Tablet`): with them a pack would be
 * several times as large and know no more.
 */
function withoutDerived(names: PackNames): PackNames {
  const isProduct = (name: string): boolean => /\d/u.test(name);
  const filter = (keep: (name: string, set: string) => boolean): Record<string, string> =>
    Object.fromEntries(
      Object.entries(names.synonyms)
        .map(([set, list]) => [set, list.split('|').filter((name) => keep(name, set))] as const)
        .filter(([, list]) => list.length > 0)
        .map(([set, list]) => [set, list.join('|')]),
    );
  const short = { ...names, synonyms: filter((name) => !isProduct(name)), version: '', date: '' };
  const lexicon = buildLexicon([...builtInNames(), short]);
  const follows = (name: string, set: string): boolean => recognise(name, lexicon)?.join('+') === set;
  return { ...names, synonyms: filter((name, set) => !isProduct(name) || !follows(name, set)) };
}

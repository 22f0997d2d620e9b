import { importFiles } from '#shared/clinical/reference/import-files.ts';
import type { PackPart } from '#shared/clinical/reference/pack.ts';
import { BUILT_IN, type Reference } from '#shared/clinical/reference/reference.ts';
import { referenceWith } from '#shared/clinical/reference/reference-with.ts';
import { type Rejection, type SourceLine, Tally } from '#shared/clinical/reference/tally.ts';
import { inventedPack } from './reference-packs.ts';

export const AT = '2026-11-28T21:30:00.000Z';

/** The lines of texts by file name. */
export async function* linesIn(files: Readonly<Record<string, string>>): AsyncGenerator<SourceLine> {
  for (const [file, text] of Object.entries(files))
    for (const [index, line] of text.split('\n').entries())
      if (line !== '') yield { file, line: index + 1, text: line };
}

export interface Imported {
  readonly part: PackPart;
  readonly rejected: readonly Rejection[];
  readonly skips: ReadonlyMap<string, number>;
  /** The built-in data with this part on top. */
  readonly reference: Reference;
}

/** Imports texts as files of one format on top of the built-in data, or of what is given. */
export async function importTexts(
  format: 'rxnorm-rrf' | 'drugsatfda',
  files: Readonly<Record<string, string>>,
  below: Reference = BUILT_IN,
): Promise<Imported> {
  const rejected: Rejection[] = [];
  const tally = new Tally((rejection) => rejected.push(rejection));
  const part = await importFiles({ format, lines: linesIn(files) }, below, tally, AT, () => []);
  return { part, rejected, skips: tally.skips, reference: referenceWith(inventedPack(1, [part])) };
}

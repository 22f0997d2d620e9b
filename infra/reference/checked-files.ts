import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { DRUGS_AT_FDA_FILES } from '#shared/clinical/reference/drugs-at-fda.ts';
import type { PackFormat } from '#shared/clinical/reference/pack.ts';
import { RXNORM_FILES } from '#shared/clinical/reference/rxnorm-rrf.ts';

/** The files that a format takes by name, all of them needed; none: any names. */
const TAKES = {
  'rxnorm-rrf': RXNORM_FILES,
  drugsatfda: DRUGS_AT_FDA_FILES,
  'pairs-csv': [],
} as const satisfies Record<PackFormat, readonly string[]>;

/** @throws Error that names what is missing and what is not taken */
export function checkedFiles(format: PackFormat, files: readonly string[]): readonly string[] {
  const absent = files.filter((file) => !existsSync(file));
  if (absent.length > 0) throw new Error(`There is no file ${absent.join(', ')}.`);
  const names = files.map((file) => basename(file).toUpperCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${twice} is named twice.`);
  const wanted: readonly string[] = TAKES[format];
  if (wanted.length === 0) return files;
  const missing = wanted.filter((name) => !names.includes(name));
  const other = names.filter((name) => !wanted.includes(name));
  if (missing.length + other.length > 0)
    throw new Error(
      `${format} takes ${wanted.join(' and ')}. Missing: [${missing.join(', ')}]. Not taken: [${other.join(', ')}].`,
    );
  return files;
}

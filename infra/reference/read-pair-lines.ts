import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { type CsvError, type Info, parse } from 'csv-parse';
import type { PackFile } from '#shared/clinical/reference/pack.ts';
import { PAIR_COLUMNS, type PairLine } from '#shared/clinical/reference/pairs-csv.ts';
import type { Tally } from '#shared/clinical/reference/tally.ts';
import { bytesOf, type OnProgress } from './read-lines.ts';

interface Row {
  readonly info: Info;
  readonly record: Record<string, string>;
}

/**
 * The rows of files of pairs (RFC 4180, UTF-8, a first line with the columns). A row that is no CSV is rejected here.
 * @throws Error when a file lacks a column or has one that is not known
 */
export async function* pairLinesOf(
  paths: readonly string[],
  tally: Tally,
  onProgress: OnProgress,
  onEnd: (file: PackFile) => void,
): AsyncGenerator<PairLine> {
  for (const path of paths) {
    const file = basename(path);
    const reject = (error: CsvError | undefined): undefined => {
      tally.read();
      const line = typeof error?.['lines'] === 'number' ? error['lines'] : 1;
      tally.reject({ file, line }, 'malformed', error?.message ?? 'The row is no CSV.');
      return undefined;
    };
    const parser = Readable.from(bytesOf(path, onProgress, onEnd)).pipe(
      parse({
        bom: true,
        columns: (names: string[]) => checkedColumns(file, names),
        info: true,
        skip_empty_lines: true,
        skip_records_with_error: true,
        on_skip: reject,
        max_record_size: 100_000,
      }),
    );
    for await (const row of parser) {
      const { info, record }: Row = row;
      yield { file, line: info.lines, values: record };
    }
  }
}

function checkedColumns(file: string, given: readonly string[]): string[] {
  const names = given.map((name) => name.trim().toLowerCase());
  const known: readonly string[] = [...PAIR_COLUMNS.required, ...PAIR_COLUMNS.optional];
  const missing = PAIR_COLUMNS.required.filter((name) => !names.includes(name));
  const unknown = names.filter((name) => !known.includes(name));
  if (missing.length + unknown.length > 0)
    throw new Error(
      `${file}: columns that are missing: [${missing.join(', ')}], that are not known: [${unknown.join(', ')}].`,
    );
  return names;
}

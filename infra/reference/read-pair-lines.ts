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
    let rejected = 0;
    const reject = (error: CsvError | undefined): undefined => {
      const line = typeof error?.['lines'] === 'number' ? error['lines'] : 1;
      // A row with two faults is told of twice.
      if (line === rejected) return undefined;
      rejected = line;
      tally.read();
      tally.reject({ file, line }, 'malformed', error?.message ?? 'The row is no CSV.');
      return undefined;
    };
    const parser = Readable.from(unixLines(bytesOf(path, onProgress, onEnd))).pipe(
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

/** One kind of line end: the parser counts a CRLF within quotes as two lines, and the numbers would be wrong. */
async function* unixLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // What is no UTF-8 becomes a replacement character: such a name is recognised by nobody, and its row rejected.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    rest = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - rest.length).replaceAll('\r\n', '\n');
  }
  yield rest + decoder.decode();
}

import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { type CsvError, type Info, parse } from 'csv-parse';
import type { PackFile } from '#shared/clinical/reference/pack.ts';
import { PAIR_COLUMNS, type PairLine } from '#shared/clinical/reference/pairs-csv.ts';
import type { Tally } from '#shared/clinical/reference/tally.ts';
import { bytesOf, type OnProgress } from './read-lines.ts';

const LONGEST_ROW_BYTES = 100_000;
/** What the decoder puts where bytes are no UTF-8. */
const REPLACEMENT = '\uFFFD';

interface Row {
  readonly info: Info;
  readonly record: Record<string, string>;
}

/**
 * The rows of files of pairs (RFC 4180, UTF-8, a first line with the columns). A row that is no CSV is rejected here.
 * @throws Error when a file lacks a column, has one twice or one that is not known, or a row without end
 */
export async function* pairLinesOf(
  paths: readonly string[],
  tally: Tally,
  onProgress: OnProgress,
  onEnd: (file: PackFile) => void,
): AsyncGenerator<PairLine> {
  for (const path of paths) {
    const file = basename(path);
    // The last line that is accounted for. The first one names the columns.
    let last = 1;
    let tooLong: number | undefined;
    let lastRejected = 0;
    let isEnded = true;
    const reject = (error: CsvError | undefined): undefined => {
      const line = typeof error?.['lines'] === 'number' ? error['lines'] : 1;
      if (error?.code === 'CSV_MAX_RECORD_SIZE') tooLong ??= last + 1;
      // A quote that is not closed takes the lines behind it along: each of them is lost. A row with two faults is told of twice.
      for (let lost = last + 1; lost <= line; lost += 1) {
        tally.read();
        tally.reject({ file, line: lost }, 'malformed', error?.message ?? 'The row is no CSV.');
      }
      last = Math.max(last, line);
      lastRejected = last;
      return undefined;
    };
    const onText = (text: string): void => {
      if (text !== '') isEnded = text.endsWith('\n');
    };
    const parser = Readable.from(unixLines(bytesOf(path, onProgress, onEnd), onText)).pipe(
      parse({
        bom: true,
        columns: (names: string[]) => checkedColumns(file, names),
        info: true,
        skip_empty_lines: true,
        skip_records_with_error: true,
        on_skip: reject,
        on_record: (row: Row) => {
          last = row.info.lines;
          return row;
        },
        max_record_size: LONGEST_ROW_BYTES,
      }),
    );
    for await (const row of parser) {
      const { info, record }: Row = row;
      if (Object.values(record).some((value) => value.includes(REPLACEMENT))) {
        tally.read();
        tally.reject({ file, line: info.lines }, 'malformed', 'The row holds bytes that are no UTF-8.');
        continue;
      }
      yield { file, line: info.lines, values: record };
    }
    if (!isEnded && lastRejected === last) tally.cut(file);
    // Nothing behind it was read.
    if (tooLong !== undefined)
      throw new Error(
        `${file}: the row at line ${tooLong} is longer than ${LONGEST_ROW_BYTES} bytes. Is a quote not closed?`,
      );
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
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${file}: the column ${twice} stands twice.`);
  return names;
}

/** One kind of line end: the parser counts a CRLF within quotes as two lines, and the numbers would be wrong. */
async function* unixLines(
  chunks: AsyncIterable<Buffer>,
  onText: (text: string) => void,
): AsyncGenerator<string> {
  // What is no UTF-8 becomes a replacement character, and its row is rejected.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    rest = text.endsWith('\r') ? '\r' : '';
    const whole = text.slice(0, text.length - rest.length).replaceAll('\r\n', '\n');
    onText(whole);
    yield whole;
  }
  const end = rest + decoder.decode();
  onText(end);
  yield end;
}

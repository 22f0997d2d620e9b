import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { PairLine } from '#shared/clinical/reference/pairs-csv.ts';
import { type Rejection, type SourceLine, Tally } from '#shared/clinical/reference/tally.ts';
import { temporaryFile } from '#test/fakes/temporary-file.ts';
import { linesOf } from './read-lines.ts';
import { pairLinesOf } from './read-pair-lines.ts';

/** Runs `npm run reference` as a person does, with arguments that are refused before anything is read or moved. */
const reference = (...given: string[]) =>
  new Promise<{ code: unknown; told: string }>((resolve) => {
    execFile(process.execPath, ['infra/reference/main.ts', ...given], (error, _out, told) => {
      resolve({ code: error?.code ?? 0, told });
    });
  });

describe('npm run reference', () => {
  it.each([
    [['import', 'x.csv'], /required option '--format <format>' not specified/],
    [['import', '--format', 'xls', 'x.xls'], /Allowed choices are rxnorm-rrf, drugsatfda, pairs-csv/],
    [['import', '--format', 'pairs-csv'], /missing required argument 'files'/],
    [
      ['import', '--format', 'pairs-csv', '--most-rejected-percent', '101', 'x.csv'],
      /A number from 0 to 100/,
    ],
    [['activate'], /missing required argument 'id'/],
    [['activate', '../x'], /"..\/x" is no id of a pack/],
  ])('%j says what is wrong', async (given, why) => {
    const { code, told } = await reference(...given);
    expect(code).toBe(1);
    expect(told).toMatch(why);
  });
});

describe('the lines of files', () => {
  const read = async (...bytes: Buffer[]) => {
    const files = bytes.map((one, index) => temporaryFile(`file-${index}`, one));
    const lines: SourceLine[] = [];
    for await (const line of linesOf(
      files,
      () => undefined,
      () => undefined,
    ))
      lines.push(line);
    return lines;
  };

  it('are numbered per file, with either line end, a byte order mark and no line end at the end', async () => {
    expect(await read(Buffer.from('\uFEFFone\r\n\ntwo'), Buffer.from('three\n'))).toEqual([
      { file: 'file-0', line: 1, text: 'one' },
      { file: 'file-0', line: 3, text: 'two', isUnended: true },
      { file: 'file-1', line: 1, text: 'three' },
    ]);
  });

  it('are UTF-8, or Windows-1252 where they cannot be', async () => {
    const lines = await read(Buffer.concat([Buffer.from('Ä\n'), Buffer.from([0xc4, 0x0a])]));
    expect(lines.map(({ text }) => text)).toEqual(['Ä', 'Ä']);
  });

  it('are whole, wherever a piece of the file ends', async () => {
    const long = Array.from({ length: 40_000 }, (_, index) => `line ${index} ${'é'.repeat(20)}`);
    const lines = await read(Buffer.from(long.join('\n')));
    expect(lines.map(({ text }) => text)).toEqual(long);
  });

  it('are refused when they never end', async () => {
    await expect(read(Buffer.alloc(3 * 1024 * 1024, 'x'))).rejects.toThrow('longer than 1 MB');
  });
});

describe('the rows of pairs', () => {
  it('that hold bytes which are no UTF-8 are rejected with their line', async () => {
    const head = 'a,b,level,effect,management,source,date,verification\n';
    const row = (effect: string) => `warfarin,aspirin,major,${effect},Watch.,House,2026,unverified\n`;
    const latin1 = Buffer.from(row('Blutungen, h\u00E4ufig').replace(', ', ' '), 'latin1');
    const file = temporaryFile('pairs.csv', Buffer.concat([Buffer.from(head + row('Häufig.')), latin1]));
    const rejected: Rejection[] = [];
    const lines: PairLine[] = [];
    const nothing = () => undefined;
    for await (const line of pairLinesOf([file], new Tally((one) => rejected.push(one)), nothing, nothing))
      lines.push(line);
    expect(lines.map(({ values }) => values['effect'])).toEqual(['Häufig.']);
    expect(rejected).toMatchObject([
      { line: 3, reason: 'malformed', detail: expect.stringMatching('UTF-8') },
    ]);
  });
});

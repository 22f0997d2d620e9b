import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importPack } from '#infra/reference/import-pack.ts';
import { PACK_FORMATS } from '#shared/clinical/reference/pack.ts';
import { PAIR_COLUMNS } from '#shared/clinical/reference/pairs-csv.ts';
import { REJECT_REASONS } from '#shared/clinical/reference/tally.ts';
import { createInMemoryPacks } from './fakes/in-memory-packs.ts';
import { temporaryFile } from './fakes/temporary-file.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/reference-data.md'), 'utf8');

/** The words in code form of the first cell of each row of the table below a heading of the columns. */
function firstCells(head: string): string[] {
  const table = page.split(`| ${head} |`)[1]?.split('\n\n')[0] ?? '';
  return table
    .split('\n')
    .slice(2)
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word));
}

it('docs/reference-data.md explains every reason, column and format, and no other', () => {
  expect(firstCells('reason')).toEqual([...REJECT_REASONS]);
  expect(firstCells('column').sort()).toEqual([...PAIR_COLUMNS.required, ...PAIR_COLUMNS.optional].sort());
  for (const format of PACK_FORMATS) expect(page).toMatch(new RegExp(`^### .*: \`${format}\`$`, 'm'));
});

it('its example of pairs is accepted whole', async () => {
  const [, example = ''] = /```csv example=pairs\n([\s\S]*?)```/.exec(page) ?? [];
  const files = [temporaryFile('pairs.csv', example)];
  const order = { format: 'pairs-csv', files, alone: false, acceptLosses: false, dryRun: false } as const;
  const ports = { store: createInMemoryPacks(), now: '2026-11-28T12:00:00.000Z' };
  const { part, refusals } = await importPack(
    { ...order, mostRejectedPercent: 0 },
    { ...ports, onReject: () => undefined, onProgress: () => undefined },
  );
  expect([part.counts.accepted, part.counts.rejected, refusals]).toEqual([2, 0, []]);
});

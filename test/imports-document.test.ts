import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ImportBench } from './builders/import-bench.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/imports.md'), 'utf8');

function example(name: string): string {
  const found = new RegExp(`<!-- example: ${name} -->\\n\\n\`\`\`json\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (found === undefined) throw new Error(`docs/imports.md has no example "${name}".`);
  return found.trim();
}

it('the lines of docs/imports.md have the report that is shown there', async () => {
  const bench = new ImportBench();
  const lines = example('lines').split('\n');
  const id = await bench.submit(lines.map((line) => JSON.parse(line)));
  await bench.run();
  const made = await bench.view(id);
  const shown = JSON.parse(example('report'));
  // Ids follow from a deployment's key.
  const withoutIds = (text: string) =>
    JSON.parse(text.replaceAll(/0000000000[0-9A-HJKMNP-TV-Z]{16}/g, '<id>'));
  expect(withoutIds(JSON.stringify(made))).toEqual(withoutIds(JSON.stringify(shown)));
});

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { WORLD_ACCESS } from './world-access.ts';

const JOBS = join(import.meta.dirname, '../../shared/jobs');

/** The parts of the world that the sources of a kind's folder, and what they import from other folders, mention. */
function mentioned(kind: string): readonly string[] {
  const seen = new Map<string, string>();
  const read = (file: string): void => {
    if (seen.has(file)) return;
    const source = readFileSync(file, 'utf8');
    seen.set(file, source);
    // What stands beside the folders, such as the ports, names every part and uses none.
    for (const [, path = ''] of source.matchAll(/from '(\.[^']+)'/g)) {
      const imported = resolve(dirname(file), path);
      if (dirname(dirname(imported)) === JOBS) read(imported);
    }
  };
  for (const file of globSync('*.ts', { cwd: join(JOBS, kind) }))
    if (!file.endsWith('.test.ts')) read(join(JOBS, kind, file));
  const sources = [...seen.values()].join('\n');
  return Object.keys(WORLD_ACCESS)
    .filter((part) => {
      const named = part.replace('.', '\\.');
      return new RegExp(`world\\.${named}\\b|{[^{}]*\\b${named}\\b[^{}]*}(: World\\b| = world\\b)`).test(
        sources,
      );
    })
    .sort();
}

it('every kind says what it reaches beyond tables and queues, and says no more', () => {
  const used = JOB_KINDS.map(({ name }) => [name, mentioned(name)] as const);
  expect(used.flatMap(([, parts]) => parts).length).toBeGreaterThan(0);
  const said = JOB_KINDS.map(({ name, uses = [] }) => [name, [...uses].sort()] as const);
  expect(Object.fromEntries(said), 'the member `uses` in each index.ts').toEqual(Object.fromEntries(used));
});

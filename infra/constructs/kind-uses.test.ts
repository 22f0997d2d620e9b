import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { WORLD_ACCESS } from './function-access.ts';

const JOBS = join(import.meta.dirname, '../../shared/jobs');

/** The parts of the world that the sources of a kind's folder, and of the folders that it imports from, mention. */
function mentioned(folder: string): readonly string[] {
  const sources = globSync('*.ts', { cwd: join(JOBS, folder) })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(JOBS, folder, file), 'utf8'))
    .join('\n');
  return Object.keys(WORLD_ACCESS).filter((part) => sources.includes(`world.${part}`));
}

it('every kind says what it reaches beyond tables and queues, and says no more', () => {
  const used = JOB_KINDS.map(({ name }) => [name, mentioned(name)] as const);
  expect(used.flatMap(([, parts]) => parts).length).toBeGreaterThan(0);
  const said = JOB_KINDS.map(({ name, uses = [] }) => [name, uses] as const);
  expect(Object.fromEntries(said), 'the member `uses` in each index.ts').toEqual(Object.fromEntries(used));
});

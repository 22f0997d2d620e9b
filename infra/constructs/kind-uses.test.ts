import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { KIND_USES, WORLD_ACCESS } from './function-access.ts';

const JOBS = join(import.meta.dirname, '../../shared/jobs');

/** The parts of the world that the sources of a kind's folder, and of the folders that it imports from, mention. */
function mentioned(folder: string): readonly string[] {
  const sources = globSync('*.ts', { cwd: join(JOBS, folder) })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(JOBS, folder, file), 'utf8'))
    .join('\n');
  return Object.keys(WORLD_ACCESS).filter((part) => sources.includes(`world.${part}`));
}

it('every kind that reaches beyond tables and queues has the permission, and no other kind has it', () => {
  const used = JOB_KINDS.map(({ name }) => [name, mentioned(name)] as const).filter(
    ([, parts]) => parts.length > 0,
  );
  expect(used.length).toBeGreaterThan(0);
  expect(Object.fromEntries(used), 'KIND_USES in function-access.ts must name exactly these').toEqual(
    Object.fromEntries(KIND_USES),
  );
});

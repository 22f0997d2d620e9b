import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../stack-file.ts';
import { type StackFolder, stackFolder, TEST_FOLDERS } from '../stack-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of this run's project: of the stack that its files share, or below which each brings up its own. */
    laptopFolder: string;
  }
}

/**
 * The folder of one project of this test run. The last runs' folders stay for whoever wants to read their logs, until the
 * next run begins.
 */
export function runFolder(project: string): StackFolder {
  mkdirSync(TEST_FOLDERS, { recursive: true });
  for (const name of readdirSync(TEST_FOLDERS))
    if (!isAlive(Number.parseInt(name.replace('run-', ''), 10)))
      rmSync(join(TEST_FOLDERS, name), { recursive: true, force: true });
  return stackFolder(join(TEST_FOLDERS, `run-${process.pid}-${project}`));
}

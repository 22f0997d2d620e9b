import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes sure that files can be written below `target`, and makes it where it is missing: before anything is read, so
 * that nobody waits for a dump that has no place. Folders are made one by one, because Node's own recursive way never
 * ends below a folder like `/proc`, which answers that a parent is missing although it is there.
 * @throws Error with a sentence for people
 */
export function writableFolder(target: string): void {
  const folder = resolve(target);
  const missing: string[] = [];
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at);
  try {
    for (const at of missing) mkdirSync(at);
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new Error(`Nothing can be written to ${folder} (${codeOf(cause)}). Name another folder.`, {
      cause,
    });
  }
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder. Name another one.`);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';

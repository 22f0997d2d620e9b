import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file so that whoever reads it meanwhile sees the old one or the new one, whole: stacks that run load bundles
 * while another one is being brought up. A file with the same contents is left as it is.
 */
export function placeFile(file: string, contents: Uint8Array): void {
  if (existing(file)?.equals(contents)) return;
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, contents);
  renameSync(own, file);
}

function existing(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

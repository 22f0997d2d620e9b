import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { zipFolder } from './zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('another program unpacks what was zipped, and the same files always make the same zip', () => {
  const source = join(folder, 'source');
  mkdirSync(join(source, 'deep'), { recursive: true });
  writeFileSync(join(source, 'index.mjs'), 'export const handler = 1;\n'.repeat(1000));
  writeFileSync(join(source, 'deep', 'größe.json'), '{}');
  const zip = zipFolder(source);
  expect(zipFolder(source).equals(zip)).toBe(true);

  const archive = join(folder, 'x.zip');
  writeFileSync(archive, zip);
  // Python stands on every machine that runs the laptop stack.
  execFileSync('python3', ['-m', 'zipfile', '-t', archive]);
  execFileSync('python3', ['-m', 'zipfile', '-e', archive, join(folder, 'out')]);
  for (const name of ['index.mjs', join('deep', 'größe.json')])
    expect(readFileSync(join(folder, 'out', name), 'utf8')).toBe(readFileSync(join(source, name), 'utf8'));
});

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writableFolder } from './writable-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dump-'));
});
afterEach(() => rmSync(root, { recursive: true }));

it('makes what is missing, and takes what is there', () => {
  const folder = join(root, 'a', 'b');
  writableFolder(folder);
  expect(existsSync(folder)).toBe(true);
  expect(() => writableFolder(folder)).not.toThrow();
});

it('refuses a file, and a folder below a file', () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  expect(() => writableFolder(file)).toThrow(/is no folder/);
  expect(() => writableFolder(join(file, 'below'))).toThrow(/Nothing can be written to .*below \(ENOTDIR\)/);
});

// Linux's window into the kernel: there, and for nobody to write to.
it.runIf(existsSync('/proc/self'))('refuses a place that takes no folders, and does not try for ever', () => {
  expect(() => writableFolder('/proc/x')).toThrow(/Nothing can be written to \/proc\/x \(E\w+\)/);
  expect(() => writableFolder('/proc/x/y')).toThrow(/Nothing can be written/);
});

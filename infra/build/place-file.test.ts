import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { placeFile } from './place-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'place-file-'));
  file = join(folder, 'worker', 'index.mjs');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('leaves what a reader has opened as it was, and nothing else behind', () => {
  placeFile(file, Buffer.from('the old one'));
  const opened = openSync(file, 'r');
  placeFile(file, Buffer.from('new'));
  expect(readFileSync(opened, 'utf8')).toBe('the old one');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(join(folder, 'worker'))).toEqual(['index.mjs']);
});

it('does not touch a file that is the same', () => {
  placeFile(file, Buffer.from('same'));
  const { ino } = statSync(file);
  placeFile(file, Buffer.from('same'));
  expect(statSync(file).ino).toBe(ino);
});

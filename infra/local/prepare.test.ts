import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

/** Makes a folder as `python -m venv` does, and says so; it fails where a folder stands already. */
const PYTHON = `#!/bin/sh
case "$1 $2" in
  "--version ") echo "Python 3.12.0" ;;
  "-c "*) exit 1 ;;
  "-m venv") echo venv >> "$CALLS"; mkdir "$3" "$3/bin" && sleep 0.4 && cp "$0" "$3/bin/python" ;;
  "-m pip") echo pip >> "$CALLS"; sleep 0.4 ;;
esac
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'prepare-'));
  const folder = join(root, 'infra', 'local');
  mkdirSync(join(folder, 'emulator'), { recursive: true });
  for (const file of ['prepare.mjs', 'prepare-lock.mjs', 'prepare-rules.mjs', 'emulator/requirements.txt'])
    copyFileSync(join(import.meta.dirname, file), join(folder, file));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {} } }));
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin', 'python3'), PYTHON);
  chmodSync(join(root, 'bin', 'python3'), 0o755);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Prepares a checkout whose Python is a pretended one. @returns the exit code, and what was said */
const prepared = (onTold: (told: string) => void = () => undefined, ...what: readonly string[]) =>
  new Promise<{ code: number | null; told: string }>((resolve) => {
    const path = [join(root, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter);
    const env = { PATH: path, CALLS: join(root, 'calls') };
    const child = spawn(process.execPath, [join(root, 'infra', 'local', 'prepare.mjs'), ...what], { env });
    let told = '';
    child.stderr.on('data', (part) => {
      told += part;
      onTold(told);
    });
    child.on('close', (code) => resolve({ code, told }));
  });
const lock = () => join(root, '.local', 'prepare.lock');
const calls = () => readFileSync(join(root, 'calls'), 'utf8').trim().split('\n');

it('two commands at once prepare a fresh checkout once, and both go on', async () => {
  const both = await Promise.all([prepared(), prepared()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(calls()).toEqual(['venv', 'pip']);
  expect(existsSync(lock())).toBe(false);
  // A third one finds it ready, and asks nobody.
  expect(await prepared()).toEqual({ code: 0, told: '' });
});

it('commands for a stage in AWS ask for the packages only', async () => {
  expect(await prepared(undefined, 'packages')).toEqual({ code: 0, told: '' });
  expect([existsSync(join(root, 'calls')), existsSync(lock())]).toEqual([false, false]);
});

it('commands that need the packages install them first', () => {
  const { scripts } = packageJson;
  const named = Object.entries(scripts).filter(([, command]) =>
    /^node infra\/(ops|backup|audit|reference|smoke)\//.test(command),
  );
  expect(named.map(([name]) => [name, new Map(Object.entries(scripts)).get(`pre${name}`)])).toEqual(
    ['smoke', 'reference', 'audit', 'ops', 'backup'].map((name) => [
      name,
      'node infra/local/prepare.mjs packages',
    ]),
  );
});

it('one that was killed in the middle is followed by the next', async () => {
  const dead = spawnSync(process.execPath, ['--eval', '']).pid;
  mkdirSync(join(root, '.local'));
  writeFileSync(lock(), String(dead));
  const both = await Promise.all([prepared(), prepared()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(calls()).toEqual(['venv', 'pip']);
});

it('one that waits says for whom, and goes on when that one has ended', async () => {
  mkdirSync(join(root, '.local'));
  // This process lives, and holds it until the other has spoken.
  writeFileSync(lock(), String(process.pid));
  const waited = await prepared((told) => {
    if (told.includes(`Another command (process ${process.pid})`)) rmSync(lock(), { force: true });
  });
  expect(waited.code).toBe(0);
  expect(calls()).toEqual(['venv', 'pip']);
});

it('one that fails gives the lock back', async () => {
  writeFileSync(join(root, 'bin', 'python3'), PYTHON.replace('mkdir', 'false'));
  expect(await prepared()).toMatchObject({ code: 1, told: expect.stringContaining('-m venv" failed') });
  expect(existsSync(lock())).toBe(false);
});

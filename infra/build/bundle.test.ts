import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOOKS_DIRECTORY_VARIABLE } from '#infra/local/hooks/hook-files.ts';
import { FUNCTION_VARIABLES } from '#shared/contract/functions.ts';
import { bundle } from './bundle.ts';
import type { BundleSize } from './size-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
let sizes: readonly BundleSize[];
const functions = Object.keys(FUNCTION_VARIABLES);
const code = (flavour: string, name: string) =>
  readFileSync(join(folder, flavour, name, 'index.mjs'), 'utf8');

beforeAll(async () => {
  sizes = await bundle('lambda', join(folder, 'lambda'));
  await bundle('laptop', join(folder, 'laptop'));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('every function of the contract has a bundle that is small enough to start quickly', () => {
  expect(sizes.map(({ name }) => name).toSorted()).toEqual(functions.toSorted());
  expect(Math.max(...sizes.map(({ bytes }) => bytes))).toBeLessThan(1_190_000);
});

test.each(['lambda', 'laptop'])('names and rules lie beside the bundles that read them: %s', (flavour) => {
  const beside = (name: string) => {
    const into = join(folder, flavour, name, 'data');
    return existsSync(into) ? readdirSync(into) : [];
  };
  const reading = (word: string) => functions.filter((name) => code(flavour, name).includes(word));
  const having = (file: string) => functions.filter((name) => beside(name).includes(file));
  expect(having('names.json')).toEqual(reading('"supplement"'));
  expect(having('rules-onc-high.json')).toEqual(reading('"onc-high"'));
  expect(having('names.json')).toEqual(expect.arrayContaining(['worker', 'submit-job', 'jobs-api']));
  expect(beside('worker')).toHaveLength(15);
  // None of it is in the code: that would be evaluated at every start.
  expect(reading('onc-hp-25')).toEqual([]);
});

test('the hooks stand in the laptop’s bundles and in no other', () => {
  expect(functions.filter((name) => code('lambda', name).includes(HOOKS_DIRECTORY_VARIABLE))).toEqual([]);
  expect(code('laptop', 'worker')).toContain(HOOKS_DIRECTORY_VARIABLE);
});

test('calls of AWS are written down by the laptop’s bundles and by no other', () => {
  const recorder = 'aws-calls.jsonl';
  expect(functions.filter((name) => code('lambda', name).includes(recorder))).toEqual([]);
  expect(functions.filter((name) => !code('laptop', name).includes(recorder))).toEqual([]);
});

test('functions that only move jobs carry no code that could open a field', () => {
  const opens = (name: string) => code('lambda', name).includes('aes-256-gcm');
  expect(opens('worker')).toBe(true);
  expect(['tick', 'reconciler', 'dead-letter'].filter(opens)).toEqual([]);
});

test('what names nobody carries no code that could unwrap a key', () => {
  const unwraps = (name: string) => code('lambda', name).includes('GenerateDataKeyWithoutPlaintext');
  expect(unwraps('worker')).toBe(true);
  const without = ['not-found', 'audit-seal', 'change-log', 'operations-widget'];
  expect(without.filter(unwraps)).toEqual([]);
});

test('no bundle carries the SDK’s other ways to credentials', () => {
  for (const name of functions)
    expect(code('lambda', name)).not.toMatch(/sso-oidc|AWS_WEB_IDENTITY_TOKEN_FILE/);
});

test('no bundle carries the schema compiler, and submissions are validated by finished code', () => {
  for (const name of functions) expect(code('lambda', name)).not.toContain('new Function(');
  expect(code('laptop', 'submit-job')).toMatch(/function validate\d+\(data/);
});

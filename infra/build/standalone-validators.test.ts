import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { submitSchema } from '#functions/http/submit-schema.ts';
import type { ValidateBody } from '#functions/http/validators.ts';
import { compile } from '#functions/http/validators.ts';
import { BODY_SCHEMAS } from '#shared/operations/bodies/index.ts';
import { bodyValidatorsSource, validatorsSource } from './standalone-validators.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const schema = {
  type: 'object',
  properties: {
    user_id: { type: 'string', pattern: '^[a-z]+$' },
    at: { type: 'string', format: 'date-time' },
  },
  required: ['user_id'],
  additionalProperties: false,
};
const folder = mkdtempSync(join(tmpdir(), 'validators-'));
let source: string;
let validatorOf: (kind: string) => ValidateBody | undefined;

beforeAll(async () => {
  const entry = join(folder, 'validators.js');
  const bundle = join(folder, 'bundle.mjs');
  source = validatorsSource([
    { name: 'refill-check', schema },
    { name: 'backup', schema },
  ]);
  writeFileSync(entry, source);
  await build({
    stdin: { contents: source, resolveDir: ROOT, loader: 'js' },
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
  });
  ({ validatorOf } = await import(pathToFileURL(bundle).href));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('knows exactly the kinds it was made from', () => {
  expect(validatorOf('refill-check')).toBeTypeOf('function');
  expect(validatorOf('backup')).toBeTypeOf('function');
  expect(validatorOf('toString')).toBeUndefined();
});

test.each([
  ['a good body', { user_id: 'anna', at: '2026-11-23T20:55:00Z', priority: 'HIGH' }],
  ['several faults at once', { user_id: 7, at: 'yesterday', extra: true }],
  ['a missing field', {}],
  ['no object', []],
])('answers %s as the compiled schema does', (_, body) => {
  const standalone = validatorOf('refill-check');
  const compiled = compile(submitSchema(schema));
  expect(standalone?.(body)).toBe(compiled(body));
  expect(standalone?.errors).toEqual(compiled.errors);
});

test('makes a validator of every route that takes a body, under its own export', () => {
  const code = bodyValidatorsSource(BODY_SCHEMAS);
  expect(code).toContain('export const bodyValidatorOf');
  for (const route of Object.keys(BODY_SCHEMAS)) expect(code).toContain(`["${route}", validate`);
  expect(code).not.toMatch(/new Function|ajv\/dist\/(core|2020)/);
});

test('carries no compiler', () => {
  expect(source).not.toMatch(/new Function|ajv\/dist\/(core|2020)/);
});

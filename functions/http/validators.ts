import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { AJV_OPTIONS } from './ajv-options.ts';
import type { SchemaError } from './schema-problems.ts';
import { submitSchema } from './submit-schema.ts';

/** An ajv validation function, compiled here or at build time: the errors of the last call stand on it. */
export interface ValidateBody {
  (body: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/**
 * The validator of a public kind's endpoint, `undefined` for any other name.
 *
 * This file is for tests and tools: the build puts standalone code in its place, a module with this one export, made
 * from `submitSchema(kind.schema)` of every public kind with `AJV_OPTIONS` and ajv-formats. ajv itself is never bundled.
 */
export function validatorOf(kind: string): ValidateBody | undefined {
  const known = compiled.get(kind);
  if (known) return known;
  const schema = PUBLIC_KINDS.find(({ name }) => name === kind)?.schema;
  if (!schema) return undefined;
  const validate = compile(submitSchema(schema));
  compiled.set(kind, validate);
  return validate;
}

const compiled = new Map<string, ValidateBody>();

/** Compiles one schema as the build does. */
export function compile(schema: object): ValidateBody {
  const ajv = new Ajv2020(AJV_OPTIONS);
  // A CommonJS module under NodeNext: its default export is the namespace.
  addFormatsModule.default(ajv);
  return ajv.compile(schema);
}

import type { Problem } from '#shared/errors/problem-error.ts';
import { NAME_FORM, NAME_PATTERN } from '#shared/jobs/schema-members.ts';
import { INSTANT_FORM, INSTANT_PATTERN } from '#shared/lifecycle/read-instant.ts';
import { pointerTo } from './pointer.ts';

/** The part of an ajv error that is used. Its params hold limits and names, never the values that were sent. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * ajv's errors in words of the API: where, a stable code, and what to do. No value that was sent appears in them, and
 * the name of a field only when it is a plain one.
 */
export function schemaProblems(errors: readonly SchemaError[]): Problem[] {
  const problems = errors.flatMap(problemOf);
  const seen = new Set<string>();
  return problems.filter(({ pointer, code }) => {
    const key = `${pointer} ${code}`;
    return !seen.has(key) && seen.add(key);
  });
}

function problemOf({ instancePath, keyword, params }: SchemaError): Problem[] {
  const pointer = safePointer(instancePath);
  const rule = RULES[keyword];
  if (rule === null) return [];
  if (rule) return [rule(pointer, params)];
  return [{ pointer, code: 'invalid_value', detail: 'The value is not allowed here.' }];
}

type Rule = (pointer: string, params: SchemaError['params']) => Problem;

const bounded =
  (code: string, sentence: (limit: string) => string): Rule =>
  (pointer, params) => ({ pointer, code, detail: sentence(String(params['limit'])) });

const fixed =
  (code: string, detail: string): Rule =>
  (pointer) => ({ pointer, code, detail });

/** `null`: another error of the same place already says it. */
const RULES: Readonly<Record<string, Rule | null>> = {
  required: (pointer, params) => ({
    pointer: pointerTo(pointer, String(params['missingProperty'])),
    code: 'required',
    detail: 'This field is required.',
  }),
  additionalProperties: (pointer, params) => unknownField(pointer, params['additionalProperty']),
  unevaluatedProperties: (pointer, params) => unknownField(pointer, params['unevaluatedProperty']),
  type: (pointer, params) => ({
    pointer,
    code: 'wrong_type',
    detail: `Expected ${typeNames(params['type'])}.`,
  }),
  enum: (pointer, params) => ({
    pointer,
    code: 'not_allowed',
    detail: `Use one of: ${listOf(params['allowedValues'])}.`,
  }),
  const: fixed('not_allowed', 'The value is not the one that is allowed here.'),
  pattern: (pointer, params) => ({
    pointer,
    code: 'wrong_format',
    detail: FORMS.get(String(params['pattern'])) ?? 'The text does not have the documented form.',
  }),
  format: (pointer, params) => ({
    pointer,
    code: 'wrong_format',
    detail: `Expected the format ${String(params['format'])}.`,
  }),
  minLength: bounded('too_short', (limit) => `Use at least ${limit} characters.`),
  maxLength: bounded('too_long', (limit) => `Use at most ${limit} characters.`),
  minItems: bounded('too_few_items', (limit) => `Give at least ${limit}.`),
  maxItems: bounded('too_many_items', (limit) => `Give at most ${limit}.`),
  minProperties: bounded('too_few_fields', (limit) => `Name at least ${limit} of its fields.`),
  minimum: bounded('too_small', (limit) => `Use ${limit} or more.`),
  maximum: bounded('too_large', (limit) => `Use ${limit} or less.`),
  exclusiveMinimum: bounded('too_small', (limit) => `Use more than ${limit}.`),
  exclusiveMaximum: bounded('too_large', (limit) => `Use less than ${limit}.`),
  multipleOf: (pointer, params) => ({
    pointer,
    code: 'invalid_value',
    detail: `Use a multiple of ${String(params['multipleOf'])}.`,
  }),
  uniqueItems: fixed('repeated_item', 'Name each item once.'),
  oneOf: fixed('invalid_value', 'The value has none of the documented forms.'),
  anyOf: fixed('invalid_value', 'The value has none of the documented forms.'),
  if: null,
};

/** What to send where a pattern says nothing to a reader. */
const FORMS: ReadonlyMap<string, string> = new Map([
  [INSTANT_PATTERN, INSTANT_FORM],
  [NAME_PATTERN, NAME_FORM],
]);

const unknownField = (parent: string, name: unknown): Problem => ({
  pointer: pointerTo(parent, String(name)),
  code: 'unknown_field',
  detail: 'This field is not allowed.',
});

/** The words of a schema's `type`. */
const typeNames = (type: unknown): string => (Array.isArray(type) ? type.join(' or ') : String(type));

const listOf = (values: unknown): string => (Array.isArray(values) ? values.join(', ') : '');

/** A path runs through declared names and indexes only, unless a schema allows free names: those are left out. */
const safePointer = (path: string): string =>
  path
    .split('/')
    .slice(1)
    .reduce((parent, segment) => pointerTo(parent, segment), '');

import { describe, expect, it } from 'vitest';
import { INSTANT_FORM } from '#shared/lifecycle/read-instant.ts';
import { schemaProblems } from './schema-problems.ts';
import { submitSchema } from './submit-schema.ts';
import { compile } from './validators.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'items'],
  properties: {
    user_id: { type: 'string', pattern: '^[a-z]{1,8}$' },
    items: {
      type: 'array',
      minItems: 1,
      maxItems: 3,
      uniqueItems: true,
      items: { type: 'string', maxLength: 5 },
    },
    amount: { type: 'number', minimum: 0, maximum: 10 },
    filter: { type: 'object', minProperties: 1 },
    mode: { type: 'string', enum: ['full', 'part'] },
    nested: {
      type: 'object',
      additionalProperties: false,
      required: ['at'],
      properties: { at: { type: 'string', format: 'date-time' } },
    },
  },
} as const;

const validate = compile(submitSchema(schema));

function problemsOf(body: unknown) {
  expect(validate(body)).toBe(false);
  return schemaProblems(validate.errors ?? []);
}

const brief = (body: unknown) => problemsOf(body).map(({ pointer, code }) => `${pointer} ${code}`);

describe('schemaProblems', () => {
  it('tells several problems at once', () => {
    expect(
      brief({ items: [], amount: -1, mode: 'half', nested: { at: 'soon', extra: 1 }, other: true }).sort(),
    ).toEqual([
      '/amount too_small',
      '/items too_few_items',
      '/mode not_allowed',
      '/nested/at wrong_format',
      '/nested/extra unknown_field',
      '/other unknown_field',
      '/user_id required',
    ]);
  });

  it.each([
    [{ user_id: 1, items: ['a'] }, '/user_id wrong_type'],
    [{ user_id: 'A!', items: ['a'] }, '/user_id wrong_format'],
    [{ user_id: 'a', items: ['a', 7] }, '/items/1 wrong_type'],
    [{ user_id: 'a', items: ['abcdef'] }, '/items/0 too_long'],
    [{ user_id: 'a', items: ['a', 'a'] }, '/items repeated_item'],
    [{ user_id: 'a', items: ['a', 'b', 'c', 'd'] }, '/items too_many_items'],
    [{ user_id: 'a', items: ['a'], amount: 11 }, '/amount too_large'],
    [{ user_id: 'a', items: ['a'], filter: {} }, '/filter too_few_fields'],
    [{ user_id: 'a', items: ['a'], priority: 'URGENT' }, '/priority not_allowed'],
    [{ user_id: 'a', items: ['a'], run_at: 'tomorrow' }, '/run_at wrong_format'],
    [{ user_id: 'a', items: ['a'], nested: null }, '/nested wrong_type'],
    ['text', ' wrong_type'],
    [null, ' wrong_type'],
    [[], ' wrong_type'],
  ])('%j: %s', (body, expected) => {
    expect(brief(body)).toEqual([expected]);
  });

  it('never repeats a value, nor a name that is no plain one', () => {
    const secret = 'Aspirin<script>';
    const text = JSON.stringify(
      problemsOf({
        user_id: secret,
        items: [secret],
        mode: secret,
        [secret]: secret,
        nested: { [secret]: 1 },
      }),
    );
    expect(text).not.toContain('Aspirin');
  });

  it('gives the pointer to an unknown field only when its name is a plain one', () => {
    const rest = { user_id: 'a', items: ['a'] };
    expect(brief({ ...rest, 'no~name': 1 })).toEqual([' unknown_field']);
    expect(brief({ ...rest, no_name: 1 })).toEqual(['/no_name unknown_field']);
  });

  it('takes inherited names for what they are: absent or unknown', () => {
    expect(brief({ user_id: 'a', items: ['a'], constructor: 1 })).toEqual(['/constructor unknown_field']);
  });

  it('finds them all, so that those which are not listed can be counted', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`field${index}`, 1]));
    expect(problemsOf({ user_id: 'a', items: ['a'], ...many })).toHaveLength(200);
  });

  it('says which form a time has', () => {
    expect(problemsOf({ user_id: 'a', items: ['a'], run_at: 'soon' })).toEqual([
      { pointer: '/run_at', code: 'wrong_format', detail: INSTANT_FORM },
    ]);
  });
});

describe('submitSchema', () => {
  it('adds the members of the envelope and keeps the rest closed', () => {
    expect(validate({ user_id: 'a', items: ['b'], priority: 'LOW', run_at: '2027-01-01T00:00:00Z' })).toBe(
      true,
    );
  });

  it('refuses a kind that defines such a member itself, or is open', () => {
    expect(() => submitSchema({ ...schema, properties: { run_at: { type: 'string' } } })).toThrow('run_at');
    expect(() => submitSchema({ type: 'object', properties: {} })).toThrow('additionalProperties');
    expect(() => submitSchema({ type: 'string' })).toThrow('object schema');
  });
});

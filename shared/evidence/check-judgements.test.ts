import { describe, expect, it } from 'vitest';
import { JOB_KINDS, PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { arrivedEncrypted, isKeptByClass, mayCarryHealthData, namesEveryMember } from './check-judgements.ts';

describe('what the HIPAA step judges by itself', () => {
  it.each([
    [[], true],
    [['https'], true],
    [['HTTPS', ' https'], true],
    [['http'], false],
    [['https', 'http'], false],
    [['https', ''], false],
  ])('a request that came by %j is taken for encrypted: %j', (protocols, expected) => {
    expect(arrivedEncrypted(protocols)).toBe(expected);
  });

  it.each(PUBLIC_KINDS)(
    'every member of the example of $name has a name in its schema',
    ({ schema, example }) => {
      expect(namesEveryMember(schema, example)).toBe(true);
      expect(namesEveryMember(schema, { ...example, ssn: '1' })).toBe(false);
    },
  );

  const inner = { type: 'object', additionalProperties: false, properties: { id: { type: 'string' } } };
  const outer = {
    type: 'object',
    additionalProperties: false,
    properties: { list: { type: 'array', items: inner }, one: inner, open: { type: 'object' } },
  };
  it.each<[string, unknown, boolean]>([
    ['everything', { list: [{ id: 'a' }], one: { id: 'b' }, open: { any: 1 } }, true],
    ['not one in a list', { list: [{ id: 'a' }, { id: 'b', note: 'c' }] }, false],
    ['not one below', { one: { note: 'c' } }, false],
    ['not what every object has', { constructor: 1 }, false],
    ['not what JSON can name', JSON.parse('{"__proto__": 1}'), false],
    ['nothing of a text', 'text', true],
  ])('a schema names %s', (_, value, expected) => {
    expect(namesEveryMember(outer, value)).toBe(expected);
  });

  it('what the product keeps is of known classes, also where it is about nobody', () => {
    expect([isKeptByClass(true), isKeptByClass(false)]).toEqual([true, true]);
    expect(isKeptByClass(false, { jobs: 90, outcomes: 396 })).toBe(false);
    expect(isKeptByClass(false, { jobs: 90, outcomes: 0, audit: 396 })).toBe(false);
  });

  it('every kind uses only what may carry what it is about', () => {
    expect(JOB_KINDS.filter(({ uses = [] }) => !mayCarryHealthData(uses))).toEqual([]);
    expect(mayCarryHealthData(['publisher', 'fax'])).toBe(false);
  });
});

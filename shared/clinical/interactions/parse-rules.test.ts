import { describe, expect, it } from 'vitest';
import { parseReferenceData, ReferenceDataError } from './index.ts';

const head = {
  id: 'test',
  version: '1',
  date: '2026-01-01',
  sources: [{ id: 'book', citation: 'A book', date: '2020' }],
  classes: { azoles: 'a-azole|b-azole', inhibitors: '@azoles|other' },
};
const rule = {
  id: 'r-1',
  title: 'First rule',
  level: 'major',
  object: 'statin',
  precipitant: '@inhibitors',
  effect: 'Harm.',
  management: 'Avoid.',
};
const file = { source: 'book', verification: 'secondary', evidence: 'label', rules: [rule] };

describe('parseReferenceData', () => {
  it('opens classes within classes and fills in what the file states for all', () => {
    const [pair] = parseReferenceData(head, [file]).pairs;
    expect([...(pair?.precipitant ?? [])]).toEqual(['a-azole', 'b-azole', 'other']);
    expect(pair).toMatchObject({
      verification: 'secondary',
      evidence: 'label',
      sourceId: 'book',
      mutual: false,
    });
  });

  it('computes enzyme rules by strength and sensitivity', () => {
    const words = {
      mechanism: '{enzyme} is changed.',
      effect: 'Levels change.',
      management_major: 'Avoid.',
      management_other: 'Watch.',
    };
    const { pairs } = parseReferenceData(head, [
      {
        ...file,
        rules: [],
        wording: { inhibitors: words, inducers: words },
        enzymes: {
          CYP3A: {
            strong_inhibitors: 'strong',
            moderate_inhibitors: 'middle',
            weak_inhibitors: 'weak',
            strong_inducers: 'inducer',
            sensitive_substrates: 'sensitive',
            moderate_sensitive_substrates: 'less',
          },
        },
      },
    ]);
    const levels = Object.fromEntries(pairs.map((pair) => [pair.id, pair.level]));
    expect(levels).toEqual({
      'cyp3a-strong-inhibitors-sensitive-substrates': 'major',
      'cyp3a-strong-inhibitors-moderate-sensitive-substrates': 'moderate',
      'cyp3a-moderate-inhibitors-sensitive-substrates': 'moderate',
      'cyp3a-weak-inhibitors-sensitive-substrates': 'minor',
      'cyp3a-strong-inducers-sensitive-substrates': 'major',
      'cyp3a-strong-inducers-moderate-sensitive-substrates': 'moderate',
    });
    expect(pairs[0]?.mechanism).toBe('CYP3A is changed.');
  });

  it.each([
    ['no rule at all', [], /holds no rule/u],
    ['a missing text', [{ ...rule, effect: '' }], /rules\[0\]: "effect" has to be a text/u],
    ['an unknown level', [{ ...rule, level: 'bad' }], /"level" has to be one of contraindicated/u],
    ['an unknown class', [{ ...rule, object: '@nobody' }], /unknown class "@nobody"/u],
    ['the same id twice', [rule, rule], /"r-1" stands twice/u],
    ['an unknown source', [{ ...rule, source: 'hearsay' }], /no known source/u],
    [
      'an unknown rule to override',
      [{ ...rule, overrides: [{ rule: 'x', reason: 'y' }] }],
      /unknown rule "x"/u,
    ],
    ['a wrong verification', [{ ...rule, verification: 'sure' }], /"verification" has to be/u],
    ['something else than a list', { not: 'a list' }, /"rules" has to be a list/u],
  ])('refuses %s and names the place', (_, rules, message) => {
    expect(() => parseReferenceData(head, [{ ...file, rules }])).toThrow(message);
    expect(() => parseReferenceData(head, [{ ...file, rules }])).toThrow(ReferenceDataError);
  });

  it('refuses a class that contains itself', () => {
    const circle = { ...head, classes: { a: '@b', b: '@a' } };
    expect(() => parseReferenceData(circle, [file])).toThrow(/contains itself/u);
  });

  it('refuses what is no object', () => {
    expect(() => parseReferenceData(undefined, [file])).toThrow(/an object is expected/u);
    expect(() => parseReferenceData(head, ['text'])).toThrow(/rule file 1: an object is expected/u);
  });
});

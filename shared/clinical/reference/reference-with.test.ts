import { describe, expect, it } from 'vitest';
import {
  INVENTED,
  INVENTED_SOURCE,
  inventedPack,
  inventedPart,
  inventedRule,
} from '#test/builders/reference-packs.ts';
import { checkInteractions } from '../interactions/index.ts';
import { brokenBuiltIns, coverageOf, lossesBetween } from './coverage.ts';
import type { PackPart } from './pack.ts';
import { BUILT_IN } from './reference.ts';
import { referenceWith } from './reference-with.ts';

const withPart = (changes: Partial<PackPart>) => referenceWith(inventedPack(1, [inventedPart(changes)]));
const ruled = (...rules: PackPart['rules']) => withPart({ rules, sources: [INVENTED_SOURCE] });
const names = (changes: Partial<PackPart['names']>) =>
  withPart({ names: { products: {}, synonyms: {}, ambiguous: {}, rxcui: {}, ...changes } });

describe('a pack on top of the built-in data', () => {
  it('adds, and takes nothing away', () => {
    const reference = ruled(inventedRule());
    expect(brokenBuiltIns(reference)).toEqual([]);
    expect(lossesBetween(BUILT_IN, reference)).toEqual([]);
    const [before, after] = [coverageOf(BUILT_IN), coverageOf(reference)];
    expect(after.names.ingredients - before.names.ingredients).toBe(1);
    expect(after.rules.pairs - before.rules.pairs).toBe(1);
    expect(lossesBetween(reference, BUILT_IN)).toEqual([
      `name "${INVENTED.ingredient}" (${INVENTED.ingredient}) is gone`,
      `name "${INVENTED.brand}" (${INVENTED.ingredient}) is gone`,
      `RxCUI "${INVENTED.code}" (${INVENTED.ingredient}) is gone`,
      'rule own-warfarin-zorbexil is gone',
      `ingredient ${INVENTED.ingredient} has no rule any more`,
    ]);
  });

  it('gives coverage by declaring it, never by a name or by one rule', () => {
    const options = (reference = BUILT_IN) => ({ lexicon: reference.lexicon(), rules: reference.rules() });
    const texts = [INVENTED.brand, 'acetaminophen'];
    expect(checkInteractions(texts, options(withPart({}))).outcome).toBe('incomplete');
    expect(checkInteractions(texts, options(ruled(inventedRule()))).outcome).toBe('incomplete');
    const declared = ruled(inventedRule({ assessed: [INVENTED.ingredient] }));
    expect(checkInteractions(texts, options(declared)).outcome).toBe('none_found');
    expect(lossesBetween(declared, ruled(inventedRule()))).toEqual([
      `ingredient ${INVENTED.ingredient} is not assessed any more`,
    ]);
  });

  it.each([
    [
      'gives a brand another meaning',
      () => names({ products: { zorbexil: 'coumadin' } }),
      /stands for warfarin and zorbexil/,
    ],
    [
      'gives a synonym another meaning',
      () => names({ synonyms: { simvastatin: 'coumadin' } }),
      /stands for warfarin/,
    ],
    [
      'gives a code another meaning',
      () => names({ rxcui: { simvastatin: '11289' } }),
      /RxCUI 11289 stands for warfarin/,
    ],
    [
      'names a combination of a stranger',
      () => names({ products: { 'warfarin+stranger': 'x' } }),
      /unknown ingredient/,
    ],
    [
      'has a rule about a stranger',
      () => ruled(inventedRule({ object: 'stranger' })),
      /unknown ingredient "stranger"/,
    ],
    [
      'has a rule with a built-in id',
      () => ruled(inventedRule({ id: 'label-pde5-nitrate' })),
      /stands twice/,
    ],
    ['has a rule without its source', () => withPart({ rules: [inventedRule()] }), /no known source/],
    ['has a rule of no level', () => ruled(inventedRule({ level: 'severe' })), /"level" has to be one of/],
    [
      'overrides what is not there',
      () => ruled(inventedRule({ overrides: [{ rule: 'none', reason: 'x' }] })),
      /overrides the unknown/,
    ],
    ['has another schema', () => referenceWith({ ...inventedPack(), schema: 2 }), /schema 2 is not known/],
    [
      'has another format',
      () => referenceWith({ ...inventedPack(), parts: [{ ...inventedPart(), format: 'x' }] }),
      /format x/,
    ],
    ['is a list', () => referenceWith([]), /an object is expected/],
    [
      'has a name that is no text',
      () =>
        referenceWith({
          ...inventedPack(),
          parts: [{ ...inventedPart(), names: { ...inventedPart().names, products: { zorbexil: 5 } } }],
        }),
      /has to be a text/,
    ],
  ])('is refused when it %s', (_, open, why) => {
    expect(open).toThrow(why);
  });

  it('would be found out if it asked about a name that the product answers', () => {
    expect(brokenBuiltIns(names({ ambiguous: { coumadin: 'warfarin|simvastatin' } }))).toEqual(['coumadin']);
  });
});

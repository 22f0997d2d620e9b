import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookupKey, normalise } from './normalise.ts';

describe('normalise', () => {
  it.each([
    ['WARFARIN', 'warfarin'],
    ['  war\u200Bfa\u00ADrin\uFEFF ', 'warfarin'],
    ['ｗａｒｆａｒｉｎ', 'warfarin'],
    ['Tylenol®', 'tylenol'],
    ['Lipitor™ 20 mg', 'lipitor 20 mg'],
    ['Toprol–XL', 'toprol-xl'],
    ['St John’s wort', "st john's wort"],
    ['caféine', 'cafeine'],
    ['metformin\u00A0\u00A0500\tmg', 'metformin 500 mg'],
    ['war\u0000fa\u0007rin\u2800', 'warfarin'],
    ['\u2066war\uFFF9farin\u2069', 'warfarin'],
    ['warfarin\n5\u0085mg', 'warfarin 5 mg'],
    ['warfarin ½ tablet', 'warfarin 1/2 tablet'],
  ])('%j becomes %j', (text, expected) => {
    expect(normalise(text)).toBe(expected);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(normalise(normalise(text))).toBe(normalise(text));
      }),
    );
  });
});

describe('lookupKey', () => {
  it('treats two ways of punctuating one name as one', () => {
    expect(lookupKey('toprol-xl')).toBe(lookupKey('toprol xl'));
    expect(lookupKey("st. john's wort")).toBe(lookupKey('st johns wort'));
  });

  it('never drops a letter or a digit', () => {
    const kept = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '');
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        expect(kept(lookupKey(text))).toBe(kept(text));
      }),
    );
  });
});

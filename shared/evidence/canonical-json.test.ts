import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonical JSON', () => {
  it('sorts members, leaves lists as they are and writes numbers as RFC 8785 says', () => {
    expect(canonicalJson({ b: [3, 1, 2], a: { d: 1e21, c: 0.1 }, Z: null })).toBe(
      '{"Z":null,"a":{"c":0.1,"d":1e+21},"b":[3,1,2]}',
    );
  });

  it('is one text for one value, whatever the order of its members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
    );
  });

  it('refuses what JSON cannot say', () => {
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
    expect(() => canonicalJson({ a: Number.NaN })).toThrow();
  });
});

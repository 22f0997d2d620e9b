import { describe, expect, it } from 'vitest';
import { carriedBy } from './carriers.ts';

describe('carriedBy', () => {
  it.each([
    ['heparin 25,000 units in dextrose 5%', 'heparin 25,000 units', ['dextrose']],
    ['dopamine and dextrose 5% in plastic container', 'dopamine', ['dextrose']],
    ['cefazolin and dextrose in duplex container', 'cefazolin', ['dextrose']],
    ['bivalirudin in 0.9% sodium chloride', 'bivalirudin', ['sodium chloride']],
    [
      'potassium chloride in dextrose 5% and sodium chloride 0.2%',
      'potassium chloride',
      ['sodium chloride', 'dextrose'],
    ],
    ['mannitol 10% in water', 'mannitol 10%', []],
  ])('takes the fluid off %j', (text, drug, fluid) => {
    expect(carriedBy(text)).toEqual({ drug, fluid });
  });

  it.each(['lithium and sodium chloride', 'dextrose 5%', 'aspirin with water pills', 'insulin'])(
    'takes nothing off %j, which may be several medications or none in a fluid',
    (text) => {
      expect(carriedBy(text)).toBeUndefined();
    },
  );
});

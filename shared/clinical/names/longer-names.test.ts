import { describe, expect, it } from 'vitest';
import { builtInLexicon, resolveMedication } from './index.ts';
import { recognise } from './resolve-medication.ts';

const ingredientsOf = (text: string): string => {
  const answer = resolveMedication(text);
  return answer.status === 'resolved' ? answer.ingredients.join(' + ') : answer.status;
};

describe('a name that ends in a word of form or route', () => {
  it.each([
    ['Canesten Oral', 'fluconazole'],
    ['Canesten Oral once', 'fluconazole'],
    ['Canesten Oral 150 mg capsule', 'fluconazole'],
    ['Canesten 150 mg oral capsule', 'fluconazole'],
    ['Canesten oral capsule 150 mg take one dose', 'fluconazole'],
    ['Canesten oral once, warfarin', 'fluconazole + warfarin'],
    ['Canesten cream', 'clotrimazole'],
    ['Rocephin kit daily', 'ceftriaxone + lidocaine'],
    ['liquid petrolatum daily', 'mineral oil'],
    ['insulin regular bid', 'insulin human'],
    ['liquid petrolatum 5', 'mineral oil'],
    ['insulin regular 10', 'insulin human'],
  ])('%s is %s', (text, ingredients) => {
    expect(ingredientsOf(text)).toBe(ingredients);
  });
});

describe('a number that belongs to the name', () => {
  it.each([
    'Tylenol 3 x 10 days',
    'Tylenol 2 x 5 days',
    'Norlestrin 21 x 10 days',
    'vitamin K 3 x 10 days',
    'T4 1 tab q6h prn',
  ])('is asked about behind a brand: %s', (text) => {
    expect(ingredientsOf(text)).toBe('unrecognised');
  });

  it.each([
    ['Zantac 360 x 10 days', 'famotidine'],
    ['Ortho-Novum 1/50 x 28 days', 'mestranol + norethindrone'],
    ['polyethylene glycol 400 x 10 days', 'polyethylene glycol 400'],
    ['Norinyl 1+35 daily', 'ethinyl estradiol + norethindrone'],
    ['Tylenol 3 x 10 days, aspirin', 'acetaminophen + aspirin + codeine'],
  ])('stays with it: %s is %s', (text, ingredients) => {
    expect(ingredientsOf(text)).toBe(ingredients);
  });

  it.each([
    ['Tylenol 500 mg 2 tabs q6h', 'acetaminophen'],
    ['amoxicillin 500 mg tid x 10 days', 'amoxicillin'],
    ['Levaquin 750 mg daily x 5d', 'levofloxacin'],
  ])('is no strength, count or duration: %s is %s', (text, ingredients) => {
    expect(ingredientsOf(text)).toBe(ingredients);
  });
});

// Names that list what is in them are read again as lists, in which `vitamin d` by itself is of another kind.
const LISTED = / (?:and|with|\+|w\/) /u;

it.each([
  'once daily',
  'po bid prn pain',
  'take 1 tablet by mouth daily',
  'x 10 days',
  '10 mg daily',
  '100 mg capsule',
  '5 mg tablet 2 tabs',
])('no known name becomes another drug by what stands behind it: %s', (behind) => {
  const lexicon = builtInLexicon();
  const names = [...lexicon.entries]
    .filter(([key, { name }]) => !lexicon.ambiguous.has(key) && !LISTED.test(name))
    .map(([, entry]) => entry);
  const heard = names.map((entry) => ({ entry, found: recognise(`${entry.name} ${behind}`, lexicon) }));
  expect(heard.filter(({ found }) => found !== undefined).length).toBeGreaterThan(3_000);
  const others = heard.filter(({ entry, found }) => found && found.join() !== entry.ingredients.join());
  expect(others.map(({ entry, found }) => [entry.name, found])).toEqual([]);
});

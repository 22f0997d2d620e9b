import { describe, expect, it } from 'vitest';
import { builtInLexicon, resolveMedication } from '../names/index.ts';
import { controlledStatus, isTooLenient } from './controlled-status.ts';
import { LISTED_IN_COMBINATION, LISTED_INGREDIENTS } from './listed-ingredients.ts';

describe('the table of controlled ingredients', () => {
  const listed = [...LISTED_INGREDIENTS, ...LISTED_IN_COMBINATION];

  it('names ingredients as the lexicon does: one that is written otherwise would never be found', () => {
    for (const ingredient of listed.flatMap(({ ingredients }) => ingredients))
      expect(resolveMedication(ingredient), ingredient).toMatchObject({
        status: 'resolved',
        ingredients: [ingredient],
      });
  });

  it('names each once, the strictest schedule first', () => {
    for (const table of [LISTED_INGREDIENTS, LISTED_IN_COMBINATION]) {
      const names = table.flatMap(({ ingredients }) => ingredients);
      expect(new Set(names).size).toBe(names.length);
    }
    for (const { schedules } of listed) expect(schedules.toSorted()).toEqual(schedules);
  });

  /** Stems of groups that are controlled as a whole; what the lexicon knows of them without being listed is named here. */
  it.each([
    [/azepam$|zolam$|azolam$/, ['brotizolam']],
    [/barbital$/, []],
    [/codone$|morphone$|fentanil$|fentanyl$/, []],
    [/phetamine$|phenidate$|^phen.*termine$/, ['hydroxyamphetamine']],
    [/orexant$/, []],
    [/oxybate$/, []],
    [/testosterone$|androlone$|bolone$/, ['tibolone']],
  ])('has every ingredient like %s', (stem, unlisted) => {
    const known = [...builtInLexicon().entries.values()].flatMap(({ ingredients }) => ingredients);
    const names = new Set(known.filter((name) => stem.test(name)));
    expect(names.size).toBeGreaterThan(0);
    const missing = [...names].filter((name) => controlledStatus([name]).status === 'not_controlled');
    expect(missing.sort()).toEqual(unlisted);
  });
});

describe('what a name says', () => {
  it.each([
    ['oxycodone 5 mg tablet', 'II'],
    ['Adderall XR 20 mg capsule', 'II'],
    ['hydrocodone/acetaminophen 5-325 mg', 'II'],
    ['codeine', 'II'],
    ['acetaminophen and codeine', 'V'],
    ['butalbital, aspirin, caffeine and codeine', 'III'],
    ['buprenorphine/naloxone', 'III'],
    ['testosterone cypionate', 'III'],
    ['alprazolam 0.5 mg', 'IV'],
    ['tramadol', 'IV'],
    ['phentermine/topiramate', 'IV'],
    ['Lyrica', 'V'],
    ['diphenoxylate/atropine', 'V'],
    ['rxcui 161', undefined],
    ['lisinopril 10 mg tablet', undefined],
    ['gabapentin', undefined],
  ])('%s: %s', (name, mostLenient) => {
    expect(controlledStatus([name])).toEqual(
      mostLenient ? { status: 'controlled', mostLenient } : { status: 'not_controlled' },
    );
  });

  it('is nothing when it is not recognised, or absent; of several names the strictest counts', () => {
    expect(controlledStatus([])).toEqual({ status: 'not_known' });
    expect(controlledStatus(['my white pill'])).toEqual({ status: 'not_known' });
    expect(controlledStatus(['my white pill', 'lisinopril'])).toEqual({ status: 'not_controlled' });
    expect(controlledStatus(['lisinopril', 'oxycodone'])).toMatchObject({ mostLenient: 'II' });
    expect(controlledStatus(['cannabis'])).toEqual({ status: 'never_prescribed' });
  });

  it('is contradicted only by a more lenient schedule', () => {
    expect(isTooLenient('IV', 'II')).toBe(true);
    expect(isTooLenient('III', 'III')).toBe(false);
    expect(isTooLenient('II', 'V')).toBe(false);
  });
});

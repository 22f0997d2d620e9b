import { describe, expect, it } from 'vitest';
import { checkInteractions } from './index.ts';

const noteOf = (...texts: string[]) => checkInteractions(texts).findings[0]?.route_note;

describe('a form for local use', () => {
  it.each([
    ['ketoconazole 2% shampoo', 'simvastatin'],
    ['Voltaren gel', 'Coumadin'],
    ['timolol 0.5% eye drops', 'verapamil'],
    ['timolol maleate ophthalmic solution 0.5%', 'diltiazem'],
    ['ciprofloxacin otic', 'tizanidine'],
    ['tacrolimus 0.1 % Ointment', 'clarithromycin'],
  ])('is told beside the finding, in the caller’s own words: %s with %s', (local, other) => {
    expect(noteOf(local, other)).toContain(
      `"${local}". The level is that of systemic use and was not lowered`,
    );
  });

  it.each([
    ['ketoconazole 2% shampoo', 'ketoconazole', 'simvastatin'],
    ['timolol 0.5% eye drops', 'timolol', 'verapamil'],
    ['tacrolimus ointment', 'tacrolimus', 'clarithromycin'],
    ['diclofenac 1% gel', 'diclofenac', 'warfarin'],
  ])('changes nothing else: %s is as %s with %s', (local, plain, other) => {
    const told = ({ outcome, findings }: ReturnType<typeof checkInteractions>) => [
      outcome,
      findings.map(({ id, level, interruptive }) => ({ id, level, interruptive })),
    ];
    expect(told(checkInteractions([local, other]))).toEqual(told(checkInteractions([plain, other])));
  });

  it.each([
    ['no form', 'ketoconazole', 'simvastatin'],
    ['a form to swallow', 'ketoconazole 200 mg tablet', 'simvastatin'],
    ['a gel to swallow', 'miconazole oral gel', 'warfarin'],
    ['a patch', 'clonidine patch', 'propranolol'],
    ['a mucosa that takes up much', 'miconazole vaginal cream', 'warfarin'],
    ['a drug that acts from the skin', 'nitroglycerin 2% ointment', 'sildenafil'],
    ['another such', 'testosterone 1% gel', 'warfarin'],
    ['a word that holds one', 'diclofenac softgel', 'warfarin'],
  ])('is not claimed of %s: %s with %s', (_, one, other) => {
    expect(noteOf(one, other)).toBeNull();
  });

  it('is told only of the findings that the entry is part of', () => {
    const { findings } = checkInteractions(['ketoconazole shampoo', 'simvastatin', 'gemfibrozil']);
    const notes = findings.map(({ ingredients, route_note }) => [
      ingredients.includes('ketoconazole'),
      route_note !== null,
    ]);
    expect(notes.length).toBeGreaterThan(1);
    expect(notes.every(([about, noted]) => about === noted)).toBe(true);
  });
});

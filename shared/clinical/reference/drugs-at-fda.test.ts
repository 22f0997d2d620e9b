import { describe, expect, it } from 'vitest';
import { importTexts } from '#test/builders/reference-imports.ts';
import { resolveText } from '../names/resolve-medication.ts';

const HEAD =
  'ApplNo\tProductNo\tForm\tStrength\tReferenceDrug\tDrugName\tActiveIngredient\tReferenceStandard';
const product = (brand: string, active: string, strength = '5MG'): string =>
  `999001\t001\tTABLET;ORAL\t${strength}\t0\t${brand}\t${active}\t0`;
const read = (...rows: string[]) => importTexts('drugsatfda', { 'Products.txt': [HEAD, ...rows].join('\n') });

const ingredientsOf = (text: string, { reference }: Awaited<ReturnType<typeof read>>): string => {
  const answer = resolveText(text, reference.lexicon());
  return answer.status === 'resolved' ? answer.ingredients.join(' + ') : answer.status;
};

describe('Drugs@FDA products', () => {
  it.each([
    ['a brand of a known substance', 'ZORBAVAN', 'WARFARIN SODIUM', 'warfarin'],
    ['a brand of a new substance, without its salt', 'ZORBEX', 'ZORBEXIL HYDROCHLORIDE', 'zorbexil'],
    ['a combination', 'DUOZOR', 'WARFARIN SODIUM; ZORBEXIL HYDROCHLORIDE', 'warfarin + zorbexil'],
    ['a salt that is the drug', 'ZORKAL', 'POTASSIUM CHLORIDE', 'potassium chloride'],
    ['a remark of the agency', 'ZORBEX **Federal Register note**', 'ZORBEXIL', 'zorbexil'],
  ])('tell what stands behind %s', async (_, brand, active, expected) => {
    const imported = await read(product(brand, active));
    expect(imported.rejected).toEqual([]);
    expect(ingredientsOf(brand.replace(/ \*.*/u, ''), imported)).toBe(expected);
  });

  it('take the salts of one new substance for the same', async () => {
    const imported = await read(product('ZORBEX', 'ZORBEXIL SODIUM'), product('ZORBAN', 'ZORBEXIL MALEATE'));
    expect(ingredientsOf('Zorbex', imported)).toBe(ingredientsOf('Zorban', imported));
    expect(imported.part.names.products).toEqual({ zorbexil: 'zorban|zorbex' });
  });

  it('count every line once', async () => {
    const { part } = await read(product('ZORBEX', 'ZORBEXIL'), product('', 'ZORBEXIL'));
    expect(part.counts).toEqual({ accepted: 1, skipped: 1, rejected: 1 });
  });

  it('never answer for a brand with two meanings', async () => {
    const imported = await read(product('ZORBEX', 'ZORBEXIL'), product('ZORBEX', 'QUUXAPINE'));
    expect(imported.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'several_meanings'],
      [3, 'several_meanings'],
    ]);
    expect(ingredientsOf('Zorbex', imported)).toBe('unrecognised');
  });

  it('never answer for a brand that is called as another substance', async () => {
    const imported = await read(product('QUUXAPINE', 'ZORBEXIL'), product('QUUX', 'QUUXAPINE'));
    expect(imported.rejected).toMatchObject([{ line: 2, reason: 'several_meanings' }]);
    expect(ingredientsOf('quuxapine', imported)).toBe('unrecognised');
    expect(ingredientsOf('Quux', imported)).toBe('quuxapine');
  });

  it('never give a built-in name another meaning', async () => {
    const imported = await read(product('COUMADIN', 'ZORBEXIL'), product('ZORBEX', 'ZORBEXIL'));
    expect(imported.rejected).toEqual([
      {
        file: 'Products.txt',
        line: 2,
        reason: 'other_meaning',
        detail: '"coumadin" stands for warfarin in the data below, for zorbexil here.',
      },
    ]);
    expect(ingredientsOf('Coumadin', imported)).toBe('warfarin');
  });

  it.each([
    ['no brand', product('', 'ZORBEXIL'), 'missing_value'],
    ['no ingredient', product('ZORBEX', ' ; '), 'missing_value'],
    ['an ingredient that is none', product('ZORBEX', '5 MG'), 'unknown_name'],
    ['a brand that says nothing', product('ORAL', 'ZORBEXIL'), 'says_nothing'],
    ['a name that is asked about', product('MSO4', 'ZORBEXIL'), 'asked_not_answered'],
    [
      'a tab too many, which moves what is behind it',
      `${product('ZORBEX', 'ZORBEXIL').replace('\t', '\t\t')}\t0`,
      'malformed',
    ],
    ['too few columns', '999001\t001', 'malformed'],
    [
      'an end within a combination, of which half would be the whole',
      '999001\t001\tTABLET;ORAL\t5MG\t0\tDUOZOR\tWARFARIN SODIUM',
      'malformed',
    ],
    ['an ingredient missing behind a semicolon', product('DUOZOR', 'WARFARIN SODIUM; '), 'missing_value'],
    ['an ingredient missing between semicolons', product('DUOZOR', 'WARFARIN;;ZORBEXIL'), 'missing_value'],
  ])('reject a line with %s', async (_, row, reason) => {
    const { rejected } = await read(product('ZORBAN', 'ZORBEXIL'), row);
    expect(rejected).toMatchObject([{ file: 'Products.txt', line: 3, reason }]);
  });

  it('are refused as a whole without the names of their columns', async () => {
    const { rejected, part } = await importTexts('drugsatfda', { 'Products.txt': product('A', 'B') });
    expect(rejected).toMatchObject([{ line: 1, reason: 'malformed' }]);
    expect(part.counts).toEqual({ accepted: 0, skipped: 0, rejected: 1 });
  });
});

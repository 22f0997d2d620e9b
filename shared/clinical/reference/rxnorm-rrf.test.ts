import { describe, expect, it } from 'vitest';
import { importTexts } from '#test/builders/reference-imports.ts';
import { RXNCONSO, RXNREL, relation, term } from '#test/builders/rxnorm-files.ts';
import { checkInteractions } from '../interactions/index.ts';
import { resolveText } from '../names/resolve-medication.ts';

const file = (...rows: string[]): string => rows.join('\n');
const read = (conso: string, rel = '') =>
  importTexts('rxnorm-rrf', { 'RXNCONSO.RRF': conso, 'RXNREL.RRF': rel });

const invented = await read(RXNCONSO, RXNREL);
const ingredientsOf = (text: string, { reference } = invented): string => {
  const answer = resolveText(text, reference.lexicon());
  return answer.status === 'resolved' ? answer.ingredients.join(' + ') : answer.status;
};

describe('RxNorm files', () => {
  it.each([
    ['zorbexil', 'zorbexil'],
    ['ZORBEXIL MESYLATE 5 mg', 'zorbexil'],
    ['Zorbex', 'zorbexil'],
    ['zorbexil 5 MG Oral Tablet [Zorbex]', 'zorbexil'],
    ['zorb five oral', 'zorbexil'],
    ['Duozor', 'warfarin + zorbexil'],
    ['warfarin 1 MG / zorbexil 5 MG Oral Tablet', 'warfarin + zorbexil'],
    ['Oral Tablet', 'unrecognised'],
    ['name of another vocabulary', 'unrecognised'],
    ['zorbexal', 'unrecognised'],
  ])('lead from the name %j to %s', (text, expected) => {
    expect(ingredientsOf(text)).toBe(expected);
  });

  it.each([
    ['99000001', 'IN', 'zorbexil'],
    ['99000002', 'PIN', 'zorbexil'],
    ['99000003', 'BN', 'zorbexil'],
    ['99000004', 'SCDC', 'zorbexil'],
    ['99000005', 'SCD', 'zorbexil'],
    ['99000006', 'SBDC', 'zorbexil'],
    ['99000007', 'SBD', 'zorbexil'],
    ['99000010', 'MIN', 'warfarin + zorbexil'],
    ['99000012', 'SCD', 'warfarin + zorbexil'],
    ['99000014', 'BN', 'warfarin + zorbexil'],
    ['99000020', 'DF', 'unrecognised'],
  ])('lead from RxCUI %s (%s) to %s', (code, _type, expected) => {
    expect(ingredientsOf(`rxcui:${code}`)).toBe(expected);
  });

  it('count every line once', () => {
    const { accepted, skipped, rejected } = invented.part.counts;
    expect({ accepted, skipped, rejected }).toEqual({ accepted: 32, skipped: 3, rejected: 0 });
    expect(Object.fromEntries(invented.skips)).toEqual({
      'term of no medication': 1,
      'name of another vocabulary': 1,
      'relation that leads to no ingredient': 1,
    });
  });

  it('know two substances of one product as such: they are not held against each other', () => {
    const [lexicon, rules] = [invented.reference.lexicon(), invented.reference.rules()];
    expect(checkInteractions(['Duozor'], { lexicon, rules })).toMatchObject({
      counts: { pairs_compared: 0 },
    });
  });

  it('leave out the names of products that follow from others', () => {
    expect(invented.part.names.synonyms).toEqual({
      'warfarin+zorbexil': 'warfarin / zorbexil',
      zorbexil: 'zorb five oral|zorbexil mesylate',
    });
  });

  it('never give a built-in name another meaning', async () => {
    const rows = [term('99000001', 'IN', 'zorbexil'), term('99000003', 'SY', 'Coumadin')];
    const { rejected, reference, part } = await read(
      file(...rows, term('99000003', 'PIN', 'zorbexil mesylate')),
      relation('99000001', 'form_of', '99000003'),
    );
    expect(rejected).toEqual([
      {
        file: 'RXNCONSO.RRF',
        line: 2,
        reason: 'other_meaning',
        detail: '"coumadin" stands for warfarin in the data below, for zorbexil here.',
      },
    ]);
    expect(part.counts).toMatchObject({ accepted: 3, rejected: 1 });
    expect(resolveText('Coumadin', reference.lexicon()).ingredients).toEqual(['warfarin']);
  });

  it('reject an ingredient whose code the built-in data knows as another, and all that leads to it', async () => {
    const { rejected } = await read(
      file(
        term('11289', 'IN', 'zorbexil'),
        term('99000002', 'PIN', 'zorbexil mesylate'),
        term('99000009', 'IN', 'simvastatin'),
        term('161', 'IN', 'ibuprofen'),
      ),
      relation('161', 'form_of', '99000002'),
    );
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual(
      [
        [4, 'unresolved_concept'],
        [2, 'unresolved_concept'],
      ].sort(),
    );
  });

  it('take a new name of a known code for a synonym', async () => {
    const imported = await read(term('11289', 'IN', 'zorfarin'));
    expect(ingredientsOf('zorfarin', imported)).toBe('warfarin');
  });

  it('ask about a brand whose products differ, and answer for none', async () => {
    const imported = await read(
      file(
        term('99000001', 'IN', 'zorbexil'),
        term('99000002', 'IN', 'quuxapine'),
        term('99000003', 'BN', 'Twozor'),
        term('99000004', 'SCDC', 'zorbexil 5 MG'),
        term('99000005', 'SCDC', 'quuxapine 5 MG'),
        term('99000006', 'SBDC', 'zorbexil 5 MG [Twozor]'),
        term('99000007', 'SBDC', 'quuxapine 5 MG [Twozor]'),
        term('99000008', 'SBD', 'zorbexil 5 MG Oral Tablet [Twozor]'),
        term('99000009', 'SBD', 'quuxapine 5 MG Oral Gel [Twozor]'),
      ),
      file(
        relation('99000001', 'has_ingredient', '99000004'),
        relation('99000002', 'has_ingredient', '99000005'),
        relation('99000004', 'tradename_of', '99000006'),
        relation('99000005', 'tradename_of', '99000007'),
        relation('99000006', 'consists_of', '99000008'),
        relation('99000007', 'consists_of', '99000009'),
        relation('99000003', 'has_ingredient', '99000008'),
        relation('99000003', 'has_ingredient', '99000009'),
      ),
    );
    expect(imported.rejected).toMatchObject([{ line: 3, reason: 'several_meanings' }]);
    expect(resolveText('Twozor', imported.reference.lexicon())).toMatchObject({
      status: 'unrecognised',
      candidates: [{ name: 'zorbexil' }, { name: 'quuxapine' }],
    });
    expect(ingredientsOf('99000003', imported)).toBe('unrecognised');
    expect(ingredientsOf('99000009', imported)).toBe('quuxapine');
  });

  it('never take half of a combination for the whole', async () => {
    const rows = [term('99000001', 'IN', 'zorbexil'), term('99000004', 'SCDC', 'zorbexil 5 MG')];
    const both = [
      term('99000011', 'SCDC', 'gonexil 1 MG', { suppress: 'O' }),
      term('99000012', 'SCD', 'gonexil 1 MG / zorbexil 5 MG Oral Tablet'),
    ];
    const { rejected, reference } = await read(
      file(...rows, ...both),
      file(
        relation('99000001', 'has_ingredient', '99000004'),
        relation('99000004', 'consists_of', '99000012'),
        relation('99000011', 'consists_of', '99000012'),
      ),
    );
    expect(rejected).toMatchObject(
      [{ line: 4, reason: 'unresolved_concept', detail: /suppressed/u }].map(({ detail, ...one }) => ({
        ...one,
        detail: expect.stringMatching(detail),
      })),
    );
    expect(reference.lexicon().codes.has('99000012')).toBe(false);
  });

  it('reject a combination, and its brand, of which a relation is missing', async () => {
    const rows = [
      term('99000001', 'IN', 'zorbexil'),
      term('5640', 'IN', 'ibuprofen'),
      term('99000004', 'SCDC', 'zorbexil 5 MG'),
      term('99000011', 'SCDC', 'ibuprofen 200 MG'),
      term('99000012', 'SCD', 'ibuprofen 200 MG / zorbexil 5 MG Oral Tablet'),
      term('99000013', 'SBD', 'ibuprofen 200 MG / zorbexil 5 MG Oral Tablet [Duozor]'),
      term('99000014', 'BN', 'Duozor'),
    ];
    const whole = [
      relation('99000001', 'has_ingredient', '99000004'),
      relation('5640', 'has_ingredient', '99000011'),
      relation('99000011', 'consists_of', '99000012'),
      relation('99000012', 'has_tradename', '99000013'),
      relation('99000013', 'ingredient_of', '99000014'),
    ];
    const missing = relation('99000004', 'consists_of', '99000012');
    const cut = await read(file(...rows), file(...whole));
    expect(cut.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [5, 'unresolved_concept'],
      [6, 'unresolved_concept'],
      [7, 'unresolved_concept'],
    ]);
    expect(cut.rejected[0]?.detail).toContain('lists 2 ingredients, and its relations lead to 1');
    expect(ingredientsOf('Duozor', cut)).toBe('unrecognised');
    const full = await read(file(...rows), file(...whole, missing));
    expect(full.rejected).toEqual([]);
    expect(ingredientsOf('Duozor', full)).toBe('ibuprofen + zorbexil');
  });

  it('take two salts of one substance for one', async () => {
    const { rejected } = await read(
      file(
        term('99000001', 'IN', 'zorbexil'),
        term('99000004', 'SCDC', 'zorbexil acetate 3 MG/ML'),
        term('99000005', 'SCDC', 'zorbexil sodium phosphate 3 MG/ML'),
        term('99000006', 'SCD', 'zorbexil acetate 3 MG/ML / zorbexil sodium phosphate 3 MG/ML Injection'),
      ),
      file(
        relation('99000001', 'has_ingredient', '99000004'),
        relation('99000001', 'has_ingredient', '99000005'),
        relation('99000004', 'consists_of', '99000006'),
        relation('99000005', 'consists_of', '99000006'),
      ),
    );
    expect(rejected).toEqual([]);
  });

  it.each([
    ['too few columns', '99000001|ENG|zorbexil', 'malformed'],
    ['too many columns', term('99000001', 'IN', 'zorbexil|zorban'), 'malformed'],
    ['a code that is none', term('x1', 'IN', 'zorbexil'), 'malformed'],
    ['no name', term('99000001', 'IN', ''), 'malformed'],
    ['a name without a letter', term('99000001', 'IN', '500 mg'), 'unresolved_concept'],
    ['a name of form only', term('99000001', 'IN', 'oral tablet'), 'unresolved_concept'],
    [
      'a concept that leads nowhere',
      term('99000001', 'SCD', 'zorbexil 5 MG Oral Tablet'),
      'unresolved_concept',
    ],
    ['a name that is asked about', term('11289', 'SY', 'MSO4'), 'asked_not_answered'],
  ])('reject a line with %s', async (_, row, reason) => {
    const { rejected } = await read(file(term('11289', 'IN', 'warfarin'), row));
    expect(rejected.map(({ line, reason: why }) => [line, why])).toEqual([[2, reason]]);
  });

  it('skip suppressed and obsolete terms', async () => {
    const { skips, part } = await read(term('99000001', 'IN', 'zorbexil', { suppress: 'O' }));
    expect(skips.get('suppressed or obsolete')).toBe(1);
    expect(part.names.products).toEqual({});
  });
});

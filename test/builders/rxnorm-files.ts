// Rows in the form of a RxNorm release. Every substance, brand and code in them is invented, unless the built-in data
// has it.

/** One row of RXNCONSO. */
export const term = (
  code: string,
  type: string,
  name: string,
  { sab = 'RXNORM', suppress = 'N' }: { sab?: string; suppress?: string } = {},
): string => `${code}|ENG||||||1${code}|1${code}|${code}||${sab}|${type}|${code}|${name}||${suppress}||`;

/** One row of RXNREL: `to` has the relation to `from`. */
export const relation = (from: string, rela: string, to: string, sab = 'RXNORM'): string =>
  `${from}||CUI|RO|${to}||CUI|${rela}|||${sab}|${sab}|||||`;

const file = (rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('');

/** A substance with its salt, brand, products of every level, and a combination with a known one. */
export const RXNCONSO = file([
  term('99000001', 'IN', 'zorbexil'),
  term('99000002', 'PIN', 'zorbexil mesylate'),
  term('99000003', 'BN', 'Zorbex'),
  term('99000004', 'SCDC', 'zorbexil 5 MG'),
  term('99000005', 'SCD', 'zorbexil 5 MG Oral Tablet'),
  term('99000006', 'SBDC', 'zorbexil 5 MG [Zorbex]'),
  term('99000007', 'SBD', 'zorbexil 5 MG Oral Tablet [Zorbex]'),
  term('99000005', 'SY', 'zorb five oral'),
  term('11289', 'IN', 'warfarin'),
  term('99000010', 'MIN', 'warfarin / zorbexil'),
  term('99000011', 'SCDC', 'warfarin 1 MG'),
  term('99000012', 'SCD', 'warfarin 1 MG / zorbexil 5 MG Oral Tablet'),
  term('99000013', 'SBD', 'warfarin 1 MG / zorbexil 5 MG Oral Tablet [Duozor]'),
  term('99000014', 'BN', 'Duozor'),
  term('99000020', 'DF', 'Oral Tablet'),
  term('99000001', 'SY', 'name of another vocabulary', { sab: 'OTHER' }),
]);

export const RXNREL = file([
  relation('99000001', 'form_of', '99000002'),
  relation('99000001', 'has_ingredient', '99000004'),
  // The inverse of it says the same once more, as a release does.
  relation('99000004', 'ingredient_of', '99000001'),
  relation('99000002', 'has_precise_ingredient', '99000004'),
  relation('99000004', 'consists_of', '99000005'),
  relation('99000005', 'tradename_of', '99000007'),
  relation('99000004', 'tradename_of', '99000006'),
  relation('99000006', 'consists_of', '99000007'),
  relation('99000003', 'has_ingredient', '99000007'),
  relation('99000001', 'tradename_of', '99000003'),
  relation('11289', 'part_of', '99000010'),
  relation('99000002', 'part_of', '99000010'),
  relation('11289', 'has_ingredient', '99000011'),
  relation('99000011', 'consists_of', '99000012'),
  relation('99000004', 'consists_of', '99000012'),
  relation('99000010', 'has_ingredients', '99000012'),
  relation('99000012', 'tradename_of', '99000013'),
  relation('99000014', 'has_ingredient', '99000013'),
  relation('99000020', 'has_dose_form', '99000012'),
]);

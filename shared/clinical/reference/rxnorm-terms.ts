/**
 * Term types of RxNorm (SAB=RXNORM) that lead to ingredients, with the types of the concepts through which they do.
 * Each inner list is one way of its own; where a concept has several they have to agree. A brand name (BN) is no part of
 * it: what it stands for is told by its products.
 * Source: RxNorm technical documentation of the US National Library of Medicine, appendices on term types and relations.
 */
export const WAYS = {
  IN: [],
  PIN: [['IN']],
  // A combination may name some of its members by their salts.
  MIN: [['IN', 'PIN']],
  SCDC: [['IN'], ['PIN']],
  SCDF: [['IN'], ['MIN']],
  SCDFP: [['IN', 'PIN'], ['MIN']],
  SCDG: [['IN'], ['MIN']],
  SCDGP: [['IN', 'PIN'], ['MIN']],
  SCD: [['SCDC'], ['IN'], ['MIN']],
  SBDC: [['SCDC']],
  SBDF: [['SCDF'], ['SCDFP']],
  SBDFP: [['SCDFP'], ['SCDF']],
  SBDG: [['SCDG'], ['SCDGP']],
  SBD: [['SCD'], ['SBDC']],
  GPCK: [['SCD']],
  BPCK: [['GPCK'], ['SCD', 'SBD']],
  BN: [],
} as const satisfies Record<string, readonly (readonly string[])[]>;

export type TermType = keyof typeof WAYS;
export const isTermType = (text: string): text is TermType => Object.hasOwn(WAYS, text);

/** Further names of a concept that has a term of one of the types above. */
export const SYNONYM_TYPES: ReadonlySet<string> = new Set(['SY', 'TMSY', 'PSN', 'ET']);

/** Relations that lead from a product towards its ingredients, and their inverses. */
export const RELATIONS: ReadonlySet<string> = new Set([
  'has_ingredient',
  'ingredient_of',
  'has_ingredients',
  'ingredients_of',
  'has_precise_ingredient',
  'precise_ingredient_of',
  'tradename_of',
  'has_tradename',
  'consists_of',
  'constitutes',
  'form_of',
  'has_form',
  'has_part',
  'part_of',
  'contains',
  'contained_in',
]);

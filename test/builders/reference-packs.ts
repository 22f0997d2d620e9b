import type { PackPart, PackRule, ReferencePack } from '#shared/clinical/reference/pack.ts';

/** Nothing of this exists: the substance, its brand, its code and what is said of it are invented. */
export const INVENTED = { ingredient: 'zorbexil', brand: 'zorbex', code: '99000001' } as const;

export const inventedPart = (changes: Partial<PackPart> = {}): PackPart => ({
  format: 'rxnorm-rrf',
  imported: '2026-11-20T10:00:00.000Z',
  files: [{ name: 'RXNCONSO.RRF', sha256: '00', bytes: 1 }],
  counts: { accepted: 2, skipped: 0, rejected: 0 },
  names: {
    products: { [INVENTED.ingredient]: INVENTED.brand },
    synonyms: {},
    ambiguous: {},
    rxcui: { [INVENTED.ingredient]: INVENTED.code },
  },
  sources: [],
  rules: [],
  ...changes,
});

export const inventedRule = (changes: Partial<PackRule> = {}): PackRule => ({
  id: 'own-warfarin-zorbexil',
  title: 'warfarin with zorbexil',
  level: 'major',
  object: 'warfarin',
  precipitant: INVENTED.ingredient,
  mutual: true,
  effect: 'Invented effect.',
  management: 'Invented management.',
  modifiers: [],
  evidence: 'invented',
  source: 'own:1',
  verification: 'unverified',
  overrides: [],
  ...changes,
});

export const INVENTED_SOURCE = { id: 'own:1', citation: 'Invented source', date: '2026' } as const;

/** A pack with names only, unless `parts` say otherwise. */
export const inventedPack = (version = 1, parts: readonly PackPart[] = [inventedPart()]): ReferencePack => ({
  schema: 1,
  id: `20261120t10000${version}z-0123456789ab`,
  version,
  created: `2026-11-20T10:00:0${version}.000Z`,
  parts,
});

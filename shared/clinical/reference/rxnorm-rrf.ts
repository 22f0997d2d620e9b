import type { LexiconEntry } from '../names/lexicon.ts';
import type { NameCollector } from './name-collector.ts';
import { type Concept, type Meaning, RxNormConcepts, type Term } from './rxnorm-concepts.ts';
import { substancesIn } from './rxnorm-parts.ts';
import { isTermType, RELATIONS, SYNONYM_TYPES } from './rxnorm-terms.ts';
import type { SourceLine, Tally } from './tally.ts';

/** Files of a release that are read; RXNSAT and the others hold nothing that names or ingredients need. */
export const RXNORM_FILES = ['RXNCONSO.RRF', 'RXNREL.RRF'] as const;

/** Columns as the release documentation numbers them, from 0; every column ends with `|`. */
const CONSO = { rxcui: 0, sab: 11, tty: 12, str: 14, suppress: 16, columns: 18 } as const;
const REL = { rxcui1: 0, rxcui2: 4, rela: 7, sab: 10, columns: 16 } as const;

const CODE = /^\d{1,8}$/u;

/**
 * Reads names, codes and relations of a RxNorm release, line by line. Only RxNorm's own terms (SAB=RXNORM) count: names
 * of other vocabularies in the files have licences of their own. Suppressed and obsolete concepts lead nowhere.
 */
export async function readRxNorm(
  lines: AsyncIterable<SourceLine>,
  names: NameCollector,
  tally: Tally,
): Promise<void> {
  const concepts = new Map<string, Concept>();
  const terms = new Map<string, Term[]>();
  const relations: { one: string; other: string }[] = [];
  for await (const line of lines) {
    tally.read();
    const fields = line.text.split('|');
    if (line.file.toUpperCase() === 'RXNREL.RRF') readRelation(line, fields, relations, tally);
    else readTerm(line, fields, { concepts, terms }, tally);
  }

  const tree = new RxNormConcepts(
    concepts,
    (code) => ingredientOf(code, terms.get(code) ?? [], names),
    (code) => substancesIn(nameOf(terms.get(code)), (text) => names.known(text)).size,
  );
  for (const { one, other } of relations)
    if (!tree.relate(one, other)) tally.skip('relation that leads to no ingredient');
  for (const [code, own] of terms) settle(code, own, concepts.get(code), tree, names, tally);
}

function readTerm(
  line: SourceLine,
  fields: readonly string[],
  into: { readonly concepts: Map<string, Concept>; readonly terms: Map<string, Term[]> },
  tally: Tally,
): void {
  const [code = '', type = '', name = ''] = [fields[CONSO.rxcui], fields[CONSO.tty], fields[CONSO.str]];
  if (fields.length !== CONSO.columns + 1 || !CODE.test(code) || name === '') {
    tally.reject(line, 'malformed', `A line of RXNCONSO has ${CONSO.columns} columns, a code and a name.`);
    return;
  }
  if (fields[CONSO.sab] !== 'RXNORM') {
    tally.skip('name of another vocabulary');
    return;
  }
  const leading = isTermType(type);
  if (!leading && !SYNONYM_TYPES.has(type)) {
    tally.skip('term of no medication');
    return;
  }
  const active = fields[CONSO.suppress] === 'N';
  // A suppressed term still tells of which type a concept is that relations name.
  const standing = into.concepts.get(code);
  if (leading && !standing?.active) into.concepts.set(code, { type, active });
  if (!active) {
    tally.skip('suppressed or obsolete');
    return;
  }
  const { file, line: number } = line;
  into.terms.set(code, [...(into.terms.get(code) ?? []), { file, line: number, name, leading }]);
}

function readRelation(
  line: SourceLine,
  fields: readonly string[],
  relations: { one: string; other: string }[],
  tally: Tally,
): void {
  const [one = '', other = ''] = [fields[REL.rxcui1], fields[REL.rxcui2]];
  if (fields.length !== REL.columns + 1) {
    tally.reject(line, 'malformed', `A line of RXNREL has ${REL.columns} columns.`);
    return;
  }
  if (fields[REL.sab] !== 'RXNORM') {
    tally.skip('relation of another vocabulary');
    return;
  }
  // Relations between atoms name no concepts.
  if (one === '' || other === '' || !RELATIONS.has(fields[REL.rela] ?? '')) {
    tally.skip('relation that leads to no ingredient');
    return;
  }
  if (!CODE.test(one) || !CODE.test(other)) {
    tally.reject(line, 'malformed', 'A relation names two RxCUIs.');
    return;
  }
  relations.push({ one, other });
}

const nameOf = (terms: readonly Term[] = []): string => terms.find((term) => term.leading)?.name ?? '';

/** By what the project knows already: name and code have to agree. Else it is a new ingredient. */
function ingredientOf(code: string, terms: readonly Term[], names: NameCollector): Meaning {
  const name = nameOf(terms);
  const byName = names.known(name);
  const byCode = names.knownCode(code);
  if (byName && byCode && byName.join('+') !== byCode.join('+'))
    return {
      ok: false,
      detail: `"${name}" stands for ${byName.join('+')}, RxCUI ${code} for ${byCode.join('+')}`,
    };
  const known = byCode ?? byName;
  if (known && known.length > 1)
    return { ok: false, detail: `"${name}" stands for ${known.join('+')}: more than one ingredient` };
  const ingredient = known?.[0] ?? names.newIngredient(name, 'keep');
  return ingredient === undefined
    ? { ok: false, detail: `"${name}" cannot be the name of an ingredient` }
    : { ok: true, ingredients: [ingredient] };
}

const VIA = { IN: 'ingredient', BN: 'brand' } as const satisfies Record<string, LexiconEntry['via']>;

function settle(
  code: string,
  terms: readonly Term[],
  concept: Concept | undefined,
  tree: RxNormConcepts,
  names: NameCollector,
  tally: Tally,
): void {
  const meanings = concept?.type === 'BN' ? tree.meaningsOfBrand(code) : [tree.meaningOf(code)];
  const failed = meanings.find((meaning) => !meaning.ok);
  const sets = meanings.flatMap((meaning) => (meaning.ok ? [meaning.ingredients] : []));
  const [first] = sets;
  if (!first || failed) {
    const detail = failed && !failed.ok ? failed.detail : `RxCUI ${code} leads to no ingredient`;
    for (const term of terms) tally.reject(term, 'unresolved_concept', `${detail}.`);
    return;
  }
  if (sets.length === 1 && !names.claimCode(code, first)) {
    const detail = `RxCUI ${code} stands for ${names.knownCode(code)?.join('+')} in the data below, for ${first.join('+')} here.`;
    for (const term of terms) tally.reject(term, 'other_meaning', detail);
    return;
  }
  for (const term of terms) {
    const via = concept?.type === 'IN' && term.leading ? VIA.IN : concept?.type === 'BN' ? VIA.BN : 'synonym';
    names.claim(term.name, sets, via, term);
  }
}

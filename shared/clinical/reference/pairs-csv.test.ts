import { describe, expect, it } from 'vitest';
import { AT } from '#test/builders/reference-imports.ts';
import { inventedPack, inventedPart } from '#test/builders/reference-packs.ts';
import { checkInteractions } from '../interactions/index.ts';
import { importFiles } from './import-files.ts';
import { BUILT_IN, type Reference } from './reference.ts';
import { referenceWith } from './reference-with.ts';
import { type Rejection, Tally } from './tally.ts';

const LINE = {
  a: 'Tylenol',
  b: 'psyllium',
  level: 'moderate',
  effect: 'Invented effect.',
  management: 'Invented management.',
  source: 'Invented source',
  date: '2026-03',
  verification: 'secondary',
};
type Values = Readonly<Partial<Record<string, string>>>;

const read = (...values: Values[]) => readOver(BUILT_IN, ...values);

async function readOver(below: Reference, ...values: Values[]) {
  const rejected: Rejection[] = [];
  const tally = new Tally((rejection) => rejected.push(rejection));
  async function* lines() {
    for (const [index, one] of values.entries()) yield { file: 'pairs.csv', line: index + 2, values: one };
  }
  const part = await importFiles({ format: 'pairs-csv', lines: lines() }, below, tally, AT, () => []);
  const { lexicon, rules } = referenceWith(inventedPack(1, [part]));
  return {
    part,
    rejected,
    check: (...texts: string[]) => checkInteractions(texts, { lexicon: lexicon(), rules: rules() }),
  };
}

describe('pairs of one’s own', () => {
  it('become findings that say where they come from', async () => {
    const { check, rejected } = await read({
      ...LINE,
      affected: 'a',
      mechanism: 'Invented mechanism.',
      modifiers: 'age|dose',
      url: 'https://example.org/invented',
      evidence: 'invented',
      assessed: 'b',
    });
    expect(rejected).toEqual([]);
    expect(check('psyllium', 'Tylenol 500 mg')).toMatchObject({
      outcome: 'findings',
      findings: [
        {
          rule_id: 'own-acetaminophen-psyllium',
          level: 'moderate',
          medications: ['Tylenol 500 mg', 'psyllium'],
          direction: { affected: 'acetaminophen', by: 'psyllium' },
          mechanism: 'Invented mechanism.',
          clinical_effect: 'Invented effect.',
          management: 'Invented management.',
          modifiers: ['age', 'dose'],
          evidence_level: 'invented',
          source: 'Invented source',
          source_url: 'https://example.org/invented',
          source_date: '2026-03',
          verification: 'secondary',
        },
      ],
    });
  });

  it('give the data set another id and version', async () => {
    const { check } = await read(LINE);
    const plain = checkInteractions(['psyllium']).data_set;
    const own = check('psyllium').data_set;
    expect(own).toMatchObject({
      id: `${plain?.id}.${inventedPack().id}`,
      version: `${plain?.version}-pack-1`,
      rules: (plain?.rules ?? 0) + 1,
    });
  });

  it('keep the pair in one order, whoever is named first', async () => {
    const { rejected } = await read(LINE, { ...LINE, a: LINE.b, b: 'acetaminophen' });
    expect(rejected).toMatchObject([
      { line: 3, reason: 'stands_twice', detail: expect.stringContaining('line 2') },
    ]);
  });

  it('have an id that is never too long', async () => {
    const long = `${'very long name of an invented '.repeat(4)}substance`;
    const below = referenceWith(
      inventedPack(1, [
        inventedPart({ names: { products: { [long]: '' }, synonyms: {}, ambiguous: {}, rxcui: {} } }),
      ]),
    );
    const { part, rejected } = await readOver(below, { ...LINE, a: long });
    expect(rejected).toEqual([]);
    expect(part.rules[0]?.id).toMatch(/^own-psyllium-very-long-name-[a-z-]+$/);
    expect(part.rules[0]?.id.length).toBeLessThanOrEqual(120);
  });

  describe('over a standing rule', () => {
    const pair = { ...LINE, a: 'simvastatin', b: 'clarithromycin' };
    const standing = checkInteractions([pair.a, pair.b]).findings[0];
    const rule = standing?.rule_id ?? '';
    const others = (standing?.other_rules ?? []).map(({ rule_id }) => rule_id);

    it('never lower its level by themselves', async () => {
      const { check, rejected } = await read({ ...pair, level: 'minor' });
      expect(rejected).toEqual([]);
      expect(check(pair.a, pair.b).findings).toMatchObject([
        {
          level: standing?.level,
          rule_id: rule,
          other_rules: expect.arrayContaining([
            { rule_id: 'own-clarithromycin-simvastatin', level: 'minor' },
          ]),
        },
      ]);
    });

    it('lower it where they name it with a reason', async () => {
      const overrides = [rule, ...others].join('|');
      const { check, rejected } = await read({
        ...pair,
        level: 'minor',
        overrides,
        reason: 'Invented reason.',
      });
      expect(rejected).toEqual([]);
      expect(check(pair.a, pair.b).findings).toMatchObject([
        { level: 'minor', rule_id: 'own-clarithromycin-simvastatin' },
      ]);
      expect(check('simvastatin', 'itraconazole').findings).toMatchObject([{ level: 'contraindicated' }]);
    });

    it('are rejected where they give no reason, or name a rule about other pairs', async () => {
      const { rejected, part } = await read(
        { ...pair, overrides: rule },
        { ...pair, overrides: 'label-pde5-nitrate', reason: 'Invented reason.' },
        { ...pair, overrides: 'no-such-rule', reason: 'Invented reason.' },
      );
      expect(rejected.map(({ line, reason }) => [line, reason])).toEqual(
        [2, 3, 4].map((line) => [line, 'override_refused']),
      );
      expect(part.rules).toEqual([]);
    });
  });

  it.each([
    ['nothing in a column', { level: '' }, 'missing_value'],
    ['a name that nobody knows', { a: 'zorbexil' }, 'unknown_name'],
    ['a misspelt name', { a: 'warfrin' }, 'unknown_name'],
    ['a name that is asked about', { a: 'MSO4' }, 'unknown_name'],
    ['a combination', { a: 'Percocet' }, 'several_ingredients'],
    ['the same substance twice', { b: 'acetaminophen' }, 'same_ingredient'],
    ['another level', { level: 'severe' }, 'invalid_value'],
    ['another verification', { verification: 'yes' }, 'invalid_value'],
    ['another direction', { affected: 'c' }, 'invalid_value'],
    ['a date of another form', { date: 'March 2026' }, 'invalid_value'],
    ['a date in the future', { date: '2027-01-01' }, 'invalid_value'],
    ['an address that is none', { url: 'example.org' }, 'invalid_value'],
    ['an id of another form', { id: 'My Rule' }, 'invalid_value'],
    ['the id of a built-in rule', { id: 'label-pde5-nitrate' }, 'stands_twice'],
  ])('are rejected with %s', async (_, values, reason) => {
    const { rejected, part } = await read({ ...LINE, ...values });
    expect(rejected).toMatchObject([{ file: 'pairs.csv', line: 2, reason }]);
    expect(part.rules).toEqual([]);
    expect(part.counts).toEqual({ accepted: 0, skipped: 0, rejected: 1 });
  });
});

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import codes from './data/codes.json' with { type: 'json' };
import names from './data/names.json' with { type: 'json' };
import schema from './data/names.schema.json' with { type: 'json' };
import supplement from './data/supplement.json' with { type: 'json' };
import { buildLexicon, builtInLexicon, type NameData, resolveText } from './index.ts';
import { normalise } from './normalise.ts';

const empty: NameData = {
  version: '1',
  date: '2026-01-01',
  products: {},
  synonyms: {},
  ambiguous: {},
  rxcui: {},
};

describe('buildLexicon', () => {
  it('finds brands, combinations, synonyms and codes', () => {
    const lexicon = buildLexicon([
      {
        ...empty,
        products: { alpha: 'Brand A', beta: '', 'alpha+beta': 'duo' },
        synonyms: { beta: 'b-drug' },
        rxcui: { alpha: '12 34' },
      },
    ]);
    expect(resolveText('duo', lexicon).ingredients).toEqual(['alpha', 'beta']);
    expect(resolveText('b drug', lexicon)).toMatchObject({
      ingredients: ['beta'],
      matchedBy: 'synonym',
    });
    expect(resolveText('34', lexicon)).toMatchObject({ ingredients: ['alpha'], matchedBy: 'code' });
  });

  it('refuses a name that stands for two drugs', () => {
    const parts = [{ ...empty, products: { alpha: 'same', beta: 'SAME'.toLowerCase() } }];
    expect(() => buildLexicon(parts)).toThrow(/"same" stands for alpha and beta/u);
  });

  it('refuses an ingredient that is not listed by itself', () => {
    expect(() => buildLexicon([{ ...empty, products: { 'alpha+beta': 'duo' } }])).toThrow(
      /unknown ingredient/u,
    );
  });
});

describe('built-in names', () => {
  const files = { 'names.json': names, 'supplement.json': supplement, 'codes.json': codes };

  it.each(Object.entries(files))('%s follows the schema', (_, file) => {
    const validate = new Ajv2020({ formats: { date: true } }).compile(schema);
    expect([validate(file), validate.errors]).toEqual([true, null]);
  });

  it('know at least 600 ingredients and 1,200 brands and synonyms', () => {
    const { ingredients, entries } = builtInLexicon();
    const others = [...entries.values()].filter((entry) => entry.via !== 'ingredient');
    expect(ingredients.size).toBeGreaterThanOrEqual(600);
    expect(others.length).toBeGreaterThanOrEqual(1200);
  });

  it('stand normalised, so that loading need not do it', () => {
    const wrong = [...builtInLexicon().entries.values()].filter(
      (entry) => normalise(entry.name) !== entry.name,
    );
    expect(wrong).toEqual([]);
  });

  it('each lead to their own ingredients', () => {
    const { entries, ambiguous } = builtInLexicon();
    const wrong = [...entries]
      .filter(([key]) => !ambiguous.has(key))
      .filter(
        ([, entry]) =>
          resolveText(entry.name, builtInLexicon()).ingredients.join() !== entry.ingredients.join(),
      );
    expect(wrong).toEqual([]);
  });

  it('stay small enough to lie beside every bundle', () => {
    const bytes = Object.keys(files)
      .map((file) =>
        JSON.stringify(JSON.parse(readFileSync(new URL(`data/${file}`, import.meta.url), 'utf8'))),
      )
      .reduce((sum, text) => sum + text.length, 0);
    expect(bytes).toBeLessThan(240_000);
  });
});

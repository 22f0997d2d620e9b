import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFile } from '#test/fakes/temporary-file.ts';
import { readDataFile } from './data-file.ts';
import { checkInteractions, ReferenceDataError } from './interactions/index.ts';
import { buildLexicon, NameDataError } from './names/index.ts';
import { nameDataOf } from './names/name-data-of.ts';

const NOWHERE = pathToFileURL('/nowhere/index.mjs').href;

describe('a data file', () => {
  it('that is missing, or no JSON, is an error of the kind that the caller names', () => {
    const broken = pathToFileURL(temporaryFile('index.mjs', '')).href;
    expect(() => readDataFile('names', NOWHERE, NameDataError)).toThrow(NameDataError);
    expect(() => readDataFile('../index.mjs?', broken, ReferenceDataError)).toThrow(ReferenceDataError);
  });

  it.each([
    ['names', { lexicon: () => buildLexicon([nameDataOf(readDataFile('names', NOWHERE, NameDataError))]) }],
    ['no names', { lexicon: () => buildLexicon([nameDataOf({ version: '1', date: '2026-01-01' })]) }],
    ['a table of numbers', { lexicon: () => buildLexicon([nameDataOf({ ...EMPTY, products: { a: 1 } })]) }],
    [
      'rules',
      {
        rules: () => {
          throw new ReferenceDataError('as a missing file does');
        },
      },
    ],
  ])('that cannot be used makes the check an error, never a reassurance: %s', (_, options) => {
    expect(checkInteractions(['warfarin', 'amoxicillin'], options)).toMatchObject({
      outcome: 'error',
      findings: [],
    });
  });
});

const EMPTY = { version: '1', date: '2026-01-01', products: {}, synonyms: {}, ambiguous: {}, rxcui: {} };

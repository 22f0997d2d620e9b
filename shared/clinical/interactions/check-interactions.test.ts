import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildLexicon } from '../names/index.ts';
import {
  checkInteractions,
  type InteractionOptions,
  parseReferenceData,
  ReferenceDataError,
  RuleIndex,
} from './index.ts';

const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];
const names = {
  version: '1',
  date: '2026-01-01',
  products: {
    ...Object.fromEntries(NAMES.map((name) => [name, ''])),
    bare: '',
    'alpha+beta': 'combo',
    'gamma+zeta': 'duo',
  },
  synonyms: {},
  ambiguous: {},
  rxcui: {},
};
const lexicon = buildLexicon([names]);

const words = { effect: 'Some harm.', management: 'Take care.' };
const head = {
  id: 'test',
  version: '7',
  date: '2026-01-01',
  sources: [{ id: 'book', citation: 'A book', date: '2020' }],
  classes: {},
};
const file = {
  source: 'book',
  verification: 'secondary',
  evidence: 'label',
  rules: [
    {
      ...words,
      id: 'worst',
      title: 'The worst',
      level: 'contraindicated',
      object: 'alpha',
      precipitant: 'beta',
    },
    {
      ...words,
      id: 'class',
      title: 'A class rule',
      level: 'major',
      object: 'alpha|gamma',
      precipitant: 'beta|delta',
    },
    {
      ...words,
      id: 'specific',
      title: 'A specific rule',
      level: 'minor',
      object: 'gamma',
      precipitant: 'delta',
      mutual: true,
      overrides: [{ rule: 'class', reason: 'Shown to be of little weight.' }],
    },
    {
      ...words,
      id: 'mild',
      title: 'A mild rule',
      level: 'moderate',
      object: 'alpha',
      precipitant: 'gamma|zeta',
    },
    {
      ...words,
      id: 'elsewhere',
      title: 'Another rule',
      level: 'minor',
      object: 'epsilon',
      precipitant: 'alpha',
    },
  ],
  groups: [
    {
      ...words,
      id: 'three',
      title: 'Three together',
      level: 'major',
      sets: ['alpha|epsilon|zeta'],
      minimum: 3,
    },
    {
      ...words,
      id: 'one-of-each',
      title: 'One of each',
      level: 'major',
      sets: ['beta', 'delta', 'zeta'],
      minimum: 3,
    },
  ],
  duplicates: [
    { ...words, id: 'duplicate-ingredient', title: 'Twice', level: 'moderate', same_ingredient: true },
    { ...words, id: 'same-class', title: 'One class', level: 'minor', members: 'delta|epsilon' },
  ],
};
const coverage = {
  areas: { all: 'everything' },
  profiles: [{ ingredients: NAMES.join('|'), areas: 'all' }],
};
const rules = new RuleIndex(parseReferenceData(head, [file], coverage));
const check = (texts: readonly string[], options = {}) =>
  checkInteractions(texts, { lexicon, rules, ...options });

describe('outcome', () => {
  it.each([
    ['findings', ['alpha', 'beta']],
    ['none_found', ['beta', 'epsilon']],
    ['nothing_to_compare', ['beta']],
    ['nothing_to_compare', ['combo']],
    ['nothing_to_compare', []],
    ['incomplete', ['alpha', 'nobody']],
    ['incomplete', ['nobody']],
    ['incomplete', ['alpha', 'bare']],
    ['incomplete', ['bare']],
    ['incomplete', ['alpha', 'beta', 'nobody']],
  ])('is %s for %j', (outcome, texts) => {
    expect(check(texts).outcome).toBe(outcome);
  });

  it('lists findings under incomplete, and says what was not compared', () => {
    const answer = check(['alpha', 'beta', 'bare', 'alphq']);
    expect(answer.findings.map((finding) => finding.rule_id)).toEqual(['worst']);
    expect(answer.not_assessed).toEqual([
      { medication: 'bare', ingredient: 'bare', reason: 'recognised_not_assessed' },
    ]);
    expect(answer.unrecognised).toMatchObject([{ medication: 'alphq', candidates: [{ name: 'alpha' }] }]);
    expect(answer.assessed).toEqual([
      { ingredient: 'alpha', rules: 5 },
      { ingredient: 'beta', rules: 3 },
    ]);
    expect(answer.counts).toMatchObject({ entries: 4, recognised: 3, unrecognised: 1, not_assessed: 1 });
  });

  it('is an error when the reference data is missing, empty or broken', () => {
    const emptyNames = buildLexicon([]);
    const broken = () => {
      throw new ReferenceDataError('nothing there');
    };
    const contradicting = () => buildLexicon([{ ...names, products: { alpha: 'same', beta: 'same' } }]);
    for (const options of [
      { lexicon: emptyNames },
      { lexicon: contradicting },
      { rules: broken },
      { rules: () => new RuleIndex(emptyRules) },
    ]) {
      const answer = check(['alpha', 'beta'], options);
      expect(answer).toMatchObject({ outcome: 'error', findings: [], data_set: null });
    }
  });

  it.each(['lexicon', 'rules'])('is an error when callers hand over no %s', (missing) => {
    // As callers without types may.
    const options = { [missing]: null } as object;
    expect(checkInteractions(['warfarin', 'ibuprofen'], options)).toMatchObject({ outcome: 'error' });
  });

  it.each([['warfarin'], [['warfarin', 7]], [new Array(2)], [{ length: 1, 0: 'warfarin' }]])(
    'is refused for %j, which is no list of texts',
    (given) => {
      expect(() => checkInteractions(given as unknown as string[])).toThrow('must be a list of texts');
    },
  );

  it('is refused with options that are none', () => {
    const options = 'moderate' as unknown as InteractionOptions;
    expect(() => checkInteractions(['warfarin'], options)).toThrow('options must be an object');
  });

  it.each(['severe', null, ''])(
    'refuses %j as the minimum level, which would hide what it does not name',
    (level) => {
      const options = { minimum_level: level } as unknown as InteractionOptions;
      expect(() => checkInteractions(['warfarin', 'aspirin'], options)).toThrow(
        'must be one of contraindicated, major, moderate, minor',
      );
    },
  );

  it.each([
    ['warfarin, Coumadin', 'warfarin'],
    ['Percocet, Tylenol', 'acetaminophen'],
  ])('finds the duplicate within %j, which is a list and no product', (text, ingredient) => {
    expect(checkInteractions([text])).toMatchObject({
      outcome: 'findings',
      findings: [{ kind: 'duplicate', ingredients: [ingredient], medications: [text, text] }],
    });
  });

  it('is incomplete for ingredients that rules name and nobody declares as assessed', () => {
    const undeclared = new RuleIndex(parseReferenceData(head, [file]));
    expect(check(['alpha', 'epsilon'], { rules: undeclared })).toMatchObject({
      outcome: 'incomplete',
      not_assessed: [{ ingredient: 'alpha' }, { ingredient: 'epsilon' }],
      assessed: [],
    });
  });

  it('needs a declaration that says what was looked at', () => {
    const unsaid = { areas: {}, profiles: [{ ingredients: 'alpha', areas: 'all' }] };
    expect(() => parseReferenceData(head, [file], unsaid)).toThrow('the area "all" is not described');
  });

  it('is never none_found where there are only names', () => {
    const onlyNames = new RuleIndex(
      parseReferenceData(head, [
        { ...file, rules: [{ ...file.rules[0], object: 'x', precipitant: 'y' }], groups: [] },
      ]),
    );
    fc.assert(
      fc.property(fc.subarray(NAMES, { minLength: 1 }), (texts) => {
        expect(check(texts, { rules: onlyNames }).outcome).toBe('incomplete');
        expect(check(texts, { rules: () => new RuleIndex(emptyRules) }).outcome).toBe('error');
      }),
    );
  });
});

const emptyRules = { ...parseReferenceData(head, [file]), pairs: [], groups: [], duplicates: [] };

describe('findings', () => {
  it('carry the rule, the words of the caller and who acts on whom', () => {
    expect(check([' Beta 5 mg', 'ALPHA tablet']).findings).toEqual([
      {
        id: 'worst/alpha+beta',
        kind: 'pair',
        level: 'contraindicated',
        interruptive: true,
        medications: ['ALPHA tablet', ' Beta 5 mg'],
        ingredients: ['alpha', 'beta'],
        title: 'The worst',
        mechanism: null,
        clinical_effect: 'Some harm.',
        management: 'Take care.',
        modifiers: [],
        direction: { affected: 'alpha', by: 'beta' },
        evidence_level: 'label',
        rule_id: 'worst',
        source: 'A book',
        source_url: null,
        source_date: '2020',
        verification: 'secondary',
        other_rules: [{ rule_id: 'class', level: 'major' }],
        route_note: null,
      },
    ]);
  });

  it('take the highest level, unless a specific rule names the class rule that it replaces', () => {
    expect(check(['gamma', 'delta']).findings).toMatchObject([
      { rule_id: 'specific', level: 'minor', interruptive: false, direction: null, other_rules: [] },
    ]);
    expect(check(['alpha', 'delta']).findings).toMatchObject([{ rule_id: 'class', level: 'major' }]);
  });

  it('are made between medications that one text lists, unless they are sold as one product', () => {
    const apart = check(['alpha', 'gamma']);
    for (const text of ['alpha, gamma', 'gamma and alpha', 'alpha/gamma', 'alpha + gamma']) {
      const listed = check([text]);
      expect(listed.outcome, text).toBe(apart.outcome);
      expect(listed.counts.pairs_compared, text).toBe(1);
      expect(listed.counts.recognised, text).toBe(1);
    }
    expect(check(['alpha/beta']).counts.pairs_compared).toBe(0);
  });

  it('are not made between the ingredients of one product, also when it is listed twice', () => {
    expect(check(['combo', 'epsilon']).findings.map((finding) => finding.rule_id)).toEqual(['elsewhere']);
    expect(check(['combo', 'combo']).findings.map((finding) => finding.kind)).toEqual([
      'duplicate',
      'duplicate',
    ]);
    expect(check(['combo', 'gamma']).findings.map((finding) => finding.id)).toEqual([
      'class/beta+gamma',
      'mild/alpha+gamma',
    ]);
  });

  it('tell of one ingredient in two entries and of two drugs of one class', () => {
    expect(check(['alpha 5 mg', 'combo']).findings).toMatchObject([
      { kind: 'pair' },
      { kind: 'duplicate', rule_id: 'duplicate-ingredient', medications: ['alpha 5 mg', 'combo'] },
    ]);
    expect(check(['delta', 'epsilon']).findings).toMatchObject([
      { kind: 'duplicate', rule_id: 'same-class' },
    ]);
    expect(check(['beta', 'beta']).findings).toMatchObject([{ medications: ['beta', 'beta'] }]);
  });

  it('tell of three that add up, but not when they all come from one product', () => {
    const group = check(['alpha', 'epsilon', 'duo']).findings.find((finding) => finding.kind === 'group');
    expect(group).toMatchObject({
      rule_id: 'three',
      interruptive: true,
      ingredients: ['alpha', 'epsilon', 'zeta'],
      medications: ['alpha', 'epsilon', 'duo'],
    });
    expect(check(['beta', 'delta', 'duo']).findings.map((finding) => finding.rule_id)).toContain(
      'one-of-each',
    );
    expect(check(['beta', 'delta', 'gamma']).findings.map((finding) => finding.rule_id)).not.toContain(
      'one-of-each',
    );
  });

  it('below the minimum level are counted, and contraindicated or major ones never hidden', () => {
    const texts = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
    const all = check(texts);
    const filtered = check(texts, { minimum_level: 'contraindicated' });
    expect(filtered.findings.map((finding) => finding.level)).toEqual(
      all.findings
        .map((finding) => finding.level)
        .filter((level) => level === 'contraindicated' || level === 'major'),
    );
    expect(filtered.hidden).toEqual({ ...all.counts.by_level, contraindicated: 0, major: 0 });
    expect(filtered.counts).toEqual(all.counts);
    expect(check(['gamma', 'delta'], { minimum_level: 'major' })).toMatchObject({
      outcome: 'findings',
      findings: [],
    });
  });
});

describe('every answer', () => {
  const texts = fc.uniqueArray(
    fc.constantFrom(...NAMES, 'combo', 'duo', 'bare', 'nobody', 'Alpha 5 mg', 'BETA'),
    { maxLength: 8 },
  );

  it('says which data it rests on and what was not checked', () => {
    fc.assert(
      fc.property(texts, (list) => {
        const answer = check(list);
        expect(answer.data_set).toMatchObject({ id: 'test', version: '7', date: '2026-01-01' });
        expect(answer.not_checked.join()).toMatch(/dose.*kidney.*allergies.*pregnancy.*alcohol.*not listed/u);
      }),
    );
  });

  it('is the same in whatever order the medications come', () => {
    fc.assert(
      fc.property(
        texts.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(check(shuffled)).toEqual(check(list));
        },
      ),
    );
  });

  it('does not become reassuring when something unknown is added', () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('nobody', 'bare', 'alphx', '???', 'alpha mystery'),
        (list, unknown) => {
          const answer = check([...list, unknown]);
          expect(answer.outcome).toBe('incomplete');
          const before = check(list).findings.map((finding) => finding.id);
          expect(answer.findings.map((finding) => finding.id)).toEqual(expect.arrayContaining(before));
        },
      ),
    );
  });

  it('is none_found only when every entry was recognised, covered, compared and nothing hidden', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom('contraindicated', 'major', 'moderate', 'minor'), (list, level) => {
        const answer = check(list, { minimum_level: level });
        fc.pre(answer.outcome === 'none_found');
        expect(answer).toMatchObject({
          unrecognised: [],
          not_assessed: [],
          findings: [],
          hidden: { contraindicated: 0, major: 0, moderate: 0, minor: 0 },
        });
        expect(answer.counts.pairs_compared).toBeGreaterThan(0);
      }),
      { maxSkipsPerRun: 10_000 },
    );
  });

  it('has finding ids that occur once', () => {
    fc.assert(
      fc.property(texts, (list) => {
        const ids = check(list).findings.map((finding) => finding.id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});

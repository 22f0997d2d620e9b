import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtInLexicon, resolveMedication } from '../names/index.ts';
import schema from './data/rules.schema.json' with { type: 'json' };
import completed from './data/rules-completed.json' with { type: 'json' };
import cyp from './data/rules-cyp.json' with { type: 'json' };
import dangerous from './data/rules-dangerous.json' with { type: 'json' };
import further from './data/rules-further.json' with { type: 'json' };
import label from './data/rules-label.json' with { type: 'json' };
import labelPairs from './data/rules-label-pairs.json' with { type: 'json' };
import lists from './data/rules-lists.json' with { type: 'json' };
import oncHigh from './data/rules-onc-high.json' with { type: 'json' };
import oncLow from './data/rules-onc-low.json' with { type: 'json' };
import read from './data/rules-read.json' with { type: 'json' };
import { builtInRules, checkInteractions, LEVELS, VERIFICATIONS } from './index.ts';
import type { PairRule } from './reference-data.ts';

const { data } = builtInRules();

const pairsOf = (rule: PairRule): [string, string][] =>
  [...rule.object].flatMap((a) =>
    [...rule.precipitant]
      .filter((b) => b !== a && !builtInRules().areOneSubstance(a, b))
      .map((b): [string, string] => [a, b]),
  );

const rulesWith = (prefix: string): PairRule[] => data.pairs.filter((rule) => rule.id.startsWith(prefix));

describe('files of rules', () => {
  it.each(
    Object.entries({ oncHigh, oncLow, cyp, label, dangerous, further, completed, labelPairs, read, lists }),
  )('%s follows the schema', (_, file) => {
    const validate = new Ajv2020({ formats: { date: true }, strict: false }).compile(schema);
    expect([validate(file), validate.errors]).toEqual([true, null]);
  });

  it('name only ingredients that a caller can write', () => {
    const named = [
      ...data.pairs.flatMap((rule) => [...rule.object, ...rule.precipitant]),
      ...data.groups.flatMap((rule) => rule.sets.flatMap((set) => [...set])),
      ...data.duplicates.flatMap((rule) => [...rule.members]),
    ];
    const unknown = [...new Set(named)].filter((name) => {
      const answer = resolveMedication(name);
      return answer.status !== 'resolved' || answer.ingredients.join() !== name;
    });
    expect(unknown).toEqual([]);
  });

  it('claim to have read only what they cite by its address', () => {
    const claimed = data.pairs.filter((rule) => rule.verification === 'primary_read');
    expect(claimed.map((rule) => rule.id)).toEqual(read.rules.map((rule) => rule.id));
    const cited = claimed.map((rule) => data.sources.get(rule.sourceId));
    expect(
      cited.filter((source) => source?.url == null || !/ read .*\d{4}-\d{2}-\d{2}$/u.test(source.citation)),
    ).toEqual([]);
    expect(rulesWith('onc-lp-').every((rule) => rule.verification === 'secondary')).toBe(true);
    expect(rulesWith('cyp').every((rule) => rule.verification === 'unverified')).toBe(true);
  });

  it('date no source later than the day on which it was read', () => {
    const later = [...data.sources.values()].filter(({ citation, date }) => {
      const readOn = /read in (?:a )?stored cop(?:y|ies) on (\d{4}-\d\d-\d\d)/.exec(citation)?.[1];
      return readOn !== undefined && date > readOn;
    });
    expect(later.map(({ id }) => id)).toEqual([]);
  });

  it('say how it comes, what it does and what to do', () => {
    const rules = [...data.pairs, ...data.groups, ...data.duplicates];
    expect(rules.filter((rule) => rule.mechanism === null).map((rule) => rule.id)).toEqual([]);
  });
});

describe('ONC high-priority rules', () => {
  const rules = rulesWith('onc-hp-');

  it('are all fifteen', () => {
    expect(rules.map((rule) => Number(rule.id.slice(-2))).sort((a, b) => a - b)).toEqual([
      3, 4, 6, 8, 11, 16, 20, 21, 22, 23, 25, 27, 28, 30, 31,
    ]);
  });

  it.each(rules.map((rule) => [rule.id, rule.title, rule] as const))(
    '%s: %s',
    (_, __, rule) => {
      const missed = pairsOf(rule).filter(([a, b]) =>
        [
          [a, b],
          [b, a],
        ].some((texts) => {
          const { outcome, findings } = checkInteractions(texts);
          const pair = findings.find((finding) => finding.kind === 'pair');
          return outcome !== 'findings' || pair?.level !== 'contraindicated' || !pair.interruptive;
        }),
      );
      expect(missed).toEqual([]);
      expect(pairsOf(rule).length).toBeGreaterThan(0);
    },
    30_000,
  );
});

describe('ONC low-priority rules', () => {
  const rules = rulesWith('onc-lp-');

  it('are all thirty-three and passive', () => {
    expect(rules).toHaveLength(33);
    expect(rules.filter((rule) => rule.level === 'contraindicated' || rule.level === 'major')).toEqual([]);
  });

  it('find every pair, and only two of them interrupt, because both prolong the QT interval', () => {
    const interruptive = new Set<string>();
    const missed = rules.flatMap(pairsOf).filter(([a, b]) => {
      const [first] = builtInRules().match(a, b);
      if (first?.rule.level === 'contraindicated' || first?.rule.level === 'major') {
        interruptive.add([a, b].sort().join(' + '));
      }
      return first === undefined;
    });
    expect(missed).toEqual([]);
    expect([...interruptive].sort()).toEqual(['citalopram + sotalol', 'escitalopram + sotalol']);
  });
});

describe('dangerous combinations', () => {
  it.each([
    ['Viagra 50 mg', 'nitroglycerin 0.4 mg sublingual tablet', 'contraindicated'],
    ['oxycodone 5 mg', 'Xanax', 'major'],
    ['Coumadin', 'Advil', 'major'],
    ['warfarin', 'Bactrim DS', 'major'],
    ['sertraline', 'linezolid', 'contraindicated'],
    ['spironolactone', 'lisinopril', 'major'],
    ['methotrexate', 'trimethoprim', 'major'],
    ['tacrolimus', 'fluconazole', 'major'],
    ['isotretinoin', 'doxycycline', 'contraindicated'],
    ['rifampin', 'Yaz', 'major'],
    ['lithium', 'ibuprofen', 'major'],
    ['digoxin', 'amiodarone', 'major'],
    ['gentamicin', 'furosemide', 'major'],
    ['amiodarone', 'sotalol', 'contraindicated'],
    ['levothyroxine', 'Tums', 'moderate'],
    ['Kaletra', 'Zocor', 'contraindicated'],
    ['Paxlovid', 'simvastatin', 'contraindicated'],
  ])('%s with %s is %s', (one, other, level) => {
    const answer = checkInteractions([one, other]);
    expect(answer.outcome).toBe('findings');
    expect(answer.findings[0]?.level).toBe(level);
    expect(new Set(answer.findings[0]?.medications)).toEqual(new Set([one, other]));
  });

  it.each([
    ['lisinopril', 'hydrochlorothiazide', 'ibuprofen', 'group-triple-whammy'],
    ['gabapentin', 'zolpidem', 'diphenhydramine', 'group-sedation'],
    ['sertraline', 'aspirin', 'naproxen', 'group-bleeding'],
    ['sertraline', 'tramadol', 'sumatriptan', 'group-serotonin'],
    ['losartan', 'spironolactone', 'trimethoprim', 'group-hyperkalaemia'],
    ['citalopram', 'ondansetron', 'azithromycin', 'group-qt'],
  ])('%s, %s and %s add up: %s', (one, two, three, rule) => {
    const group = checkInteractions([one, two, three]).findings.find((finding) => finding.rule_id === rule);
    expect(group).toMatchObject({ kind: 'group', interruptive: true });
  });

  it('does not alarm about a booster and the drug that it boosts', () => {
    const [pair] = checkInteractions(['darunavir', 'ritonavir']).findings;
    expect(pair).toMatchObject({ rule_id: 'boosting-intended', level: 'minor', interruptive: false });
  });

  it('finds a drug given twice under two names', () => {
    const kinds = checkInteractions(['Tylenol', 'Percocet']).findings;
    expect(kinds).toMatchObject([{ kind: 'duplicate', ingredients: ['acetaminophen'] }]);
    const valproate = checkInteractions(['Depakote', 'valproic acid']).findings;
    expect(valproate.map((finding) => finding.rule_id)).toContain('same-substance-valproate');
  });
});

describe('coverage', () => {
  it('makes a check of a recognised drug without any rule incomplete', () => {
    const uncovered = [...builtInLexicon().ingredients].filter(
      (name) => builtInRules().coverageOf(name) === 0 && !data.noneKnown.has(name),
    );
    expect(uncovered.length).toBeGreaterThan(0);
    for (const name of uncovered.slice(0, 50)) {
      expect(checkInteractions([name, 'warfarin'])).toMatchObject({ outcome: 'incomplete' });
    }
  });
});

describe('docs/clinical-data.md', () => {
  it('states the numbers of the data', () => {
    const text = readFileSync(new URL('../../../docs/clinical-data.md', import.meta.url), 'utf8');
    const block = /```yaml\n([\s\S]*?)```/u.exec(text)?.[1] ?? '';
    const rules = [...data.pairs, ...data.groups, ...data.duplicates];
    const { ingredients, entries, codes, version } = builtInLexicon();
    const via = (kind: string) => [...entries.values()].filter((entry) => entry.via === kind).length;
    expect(version).toBe(data.version);
    expect(parse(block)).toEqual({
      data_set: data.id,
      version: data.version,
      date: data.date,
      names: {
        ingredients: ingredients.size,
        brands: via('brand'),
        synonyms: via('synonym'),
        rxcui: codes.size,
        ingredients_with_rules: [...ingredients].filter((name) => builtInRules().coverageOf(name) > 0).length,
      },
      rules: {
        pair: data.pairs.length,
        group: data.groups.length,
        duplicate: data.duplicates.length,
        by_verification: Object.fromEntries(
          VERIFICATIONS.map((kind) => [kind, rules.filter((rule) => rule.verification === kind).length]),
        ),
        by_level: Object.fromEntries(
          LEVELS.map((level) => [level, rules.filter((rule) => rule.level === level).length]),
        ),
      },
    });
  });
});

describe('docs/clinical.md', () => {
  it('counts the rules by verification', () => {
    const text = readFileSync(new URL('../../../docs/clinical.md', import.meta.url), 'utf8');
    const table = /<!-- generated: interaction-rules -->\n([\s\S]*?)\n<!-- end -->/u.exec(text)?.[1] ?? '';
    const rules = [...data.pairs, ...data.groups, ...data.duplicates];
    const counts = VERIFICATIONS.map(
      (kind) => `| \`${kind}\` | ${rules.filter((rule) => rule.verification === kind).length} |`,
    );
    expect(table.split('\n').slice(2)).toEqual(counts);
    expect(text).toMatch(/`unverified` need a pharmacist's sign-off before clinical use/u);
  });
});

import { describe, expect, it } from 'vitest';
import { builtInLexicon } from '../names/index.ts';
import { builtInRules, checkInteractions } from './index.ts';

const duplicatesOf = (...texts: string[]) =>
  checkInteractions(texts).findings.filter((finding) => finding.kind === 'duplicate');

describe('a high-alert drug taken twice', () => {
  it.each([
    ['warfarin', 'Coumadin 5 mg tablet'],
    ['methotrexate', 'Trexall'],
    ['digoxin', 'Lanoxin'],
    ['OxyContin', 'oxycodone 5 mg'],
    ['Lantus', 'Basaglar'],
    ['Eliquis', 'apixaban'],
    ['Lovenox', 'enoxaparin'],
    ['lithium', 'Lithobid'],
    ['Theo-24', 'aminophylline'],
    ['Prograf', 'tacrolimus'],
    ['CellCept', 'Myfortic'],
    ['Imuran', 'mercaptopurine'],
    ['Xeloda', 'fluorouracil'],
    ['Gleevec', 'imatinib'],
    ['Depakote', 'valproic acid'],
    ['glipizide', 'Glucotrol'],
    ['Pacerone', 'amiodarone'],
  ])('interrupts: %s and %s', (one, other) => {
    const [first, ...rest] = duplicatesOf(one, other);
    expect(first).toMatchObject({ level: 'major', interruptive: true });
    expect(new Set(first?.medications)).toEqual(new Set([one, other]));
    expect(rest).toEqual([]);
  });

  it('names the rule about any ingredient beside the one that decides', () => {
    expect(duplicatesOf('warfarin', 'Coumadin')).toMatchObject([
      {
        rule_id: 'duplicate-high-alert-listed',
        verification: 'secondary',
        other_rules: [{ rule_id: 'duplicate-ingredient', level: 'moderate' }],
      },
    ]);
  });

  it('is told apart from one that is not: that stays passive', () => {
    expect(duplicatesOf('Tylenol', 'Percocet')).toMatchObject([
      { rule_id: 'duplicate-ingredient', level: 'moderate', ingredients: ['acetaminophen'] },
    ]);
  });

  it('is found for every ingredient that the rules about high-alert drugs name', () => {
    const listed = builtInRules()
      .duplicates.filter((rule) => rule.id.startsWith('duplicate-high-alert-'))
      .flatMap((rule) => [...rule.members]);
    const passive = listed.filter((name) => !duplicatesOf(name, `${name} 1 mg`)[0]?.interruptive);
    expect(listed.length).toBeGreaterThan(250);
    expect(passive).toEqual([]);
    expect(listed.filter((name) => !builtInLexicon().ingredients.has(name))).toEqual([]);
  });
});

describe('rules about the very same ingredients', () => {
  it('make one finding: a substance under two names, which are of one class, too', () => {
    expect(duplicatesOf('Lexapro', 'Celexa')).toMatchObject([
      {
        rule_id: 'same-substance-citalopram',
        ingredients: ['citalopram', 'escitalopram'],
        other_rules: [{ rule_id: 'same-class-ssri-snri', level: 'major' }],
      },
    ]);
  });

  it('stay two findings where one of them is about more', () => {
    expect(duplicatesOf('Lexapro', 'Celexa', 'Zoloft').map((finding) => finding.rule_id)).toEqual([
      'same-class-ssri-snri',
      'same-substance-citalopram',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { resolveMedication } from './index.ts';

const ingredientsOf = (text: string): string => {
  const answer = resolveMedication(text);
  return answer.status === 'resolved' ? answer.ingredients.join(' + ') : answer.status;
};

const NAMES = [
  ['ibuprofen', 'ibuprofen'],
  ['Zocor', 'simvastatin'],
  ['metoprolol succinate', 'metoprolol'],
] as const;

describe('directions in free text', () => {
  it.each([
    '… 10 mg PO q6h prn',
    '… 10mg q8h',
    '… 10 mg q4-6h',
    '… 10 mg every 6 hours as needed',
    '… 10 mg every 4 to 6 hours',
    '… 10 mg every other day',
    '… 10 mg 2x daily',
    '… 10 mg two times a day',
    '… 10 mg once a day',
    '… 10 mg 3 times/day',
    '… 10 mg daily with food',
    '… 10 mg in the morning',
    '… 10 mg before bed',
    '… 10 mg 1 tablet by mouth daily',
    'take 2 tablets of …',
    'Take … 10 mg',
    '… 10 mg b.i.d.',
    '… 10 mg Q.D.',
    '… 10 mg tds',
    '… 10 mg prn for pain',
    '… 10 mg half tablet',
    '… 10 mg ½ tab',
    'low dose …',
    '… 10 mg #30',
    '… 10 mg x 30',
    '… 10 mg qty 30',
    '… 10 micrograms',
    '… 10 mg f/c tablet',
    '… modified-release tablets',
  ])('%s', (template) => {
    for (const [name, ingredient] of NAMES) {
      expect([name, ingredientsOf(template.replace('…', name))]).toEqual([name, ingredient]);
    }
  });

  it.each([
    ['Tylenol #3 every 6 hours', 'acetaminophen + codeine'],
    ['Tylenol #3 x 30', 'acetaminophen + codeine'],
    ['Tylenol 500 mg 2 tablets', 'acetaminophen'],
    ['Tylenol 2 tabs', 'unrecognised'],
    ['Robitussin AC', 'codeine + guaifenesin'],
    ['Percocet 5/325 q6h prn', 'acetaminophen + oxycodone'],
    ['insulin glargine-yfgn', 'insulin glargine'],
    ['sacituzumab govitecan-hziy', 'sacituzumab govitecan'],
    // What is said of the drug is no direction.
    ['ibuprofen stopped', 'unrecognised'],
    ['allergic to penicillin v', 'unrecognised'],
    ['ibuprofen with codeine daily', 'codeine + ibuprofen'],
    ['take', 'unrecognised'],
    ['10 mg q6h', 'unrecognised'],
  ])('%s is %s', (text, expected) => {
    expect(ingredientsOf(text)).toBe(expected);
  });

  it('a text that nobody would write is unrecognised, and neither fails nor takes long steps', () => {
    for (const part of ['1/', 'q 1-', 'warfarin ', 'once a ', '(a)', '1 tab ']) {
      const answer = resolveMedication(part.repeat(Math.ceil(10_000 / part.length)));
      expect(answer).toEqual({ status: 'unrecognised', ingredients: [], candidates: [] });
    }
    expect(resolveMedication(`${'('.repeat(5000)}${')'.repeat(5000)}`).status).toBe('unrecognised');
    expect(resolveMedication(`${' '.repeat(10_000)}warfarin`).status).toBe('resolved');
  });
});

describe('names in use elsewhere and newer brands', () => {
  it.each([
    ['Efferalgan', 'acetaminophen'],
    ['Daonil', 'glyburide'],
    ['Imigran', 'sumatriptan'],
    ['Microgynon', 'ethinyl estradiol + levonorgestrel'],
    ['Ezetrol', 'ezetimibe'],
    ['Lipantil', 'fenofibrate'],
    ['Endocet', 'acetaminophen + oxycodone'],
    ['Dolophine', 'methadone'],
    ['Levsin', 'hyoscyamine'],
    ['Breyna', 'budesonide + formoterol'],
    ['Tavanic', 'levofloxacin'],
    ['Zyloric', 'allopurinol'],
    ['NTG', 'nitroglycerin'],
    ['HCQ', 'hydroxychloroquine'],
    ['Pen VK', 'penicillin v'],
    ['diphenylhydantoin', 'phenytoin'],
    ['benzathine penicillin G', 'penicillin g'],
    ['amoxicillin/potassium clavulanate', 'amoxicillin + clavulanate'],
    ['co-careldopa', 'carbidopa + levodopa'],
    ['Nolotil', 'dipyrone'],
  ])('%s is %s', (text, expected) => {
    expect(ingredientsOf(text)).toBe(expected);
  });
});

describe('names from elsewhere that a slip of the pen makes of a US name', () => {
  it.each([
    ['Coumadan', 'coumadin'],
    ['Zocord', 'zocor'],
    ['levothyroxin', 'levothyroxine'],
    ['ciclosporine', 'ciclosporin'],
    ['Somac', 'soma'],
  ])('%s stays a question, with %s among the candidates', (text, name) => {
    const answer = resolveMedication(text);
    expect(answer.status).toBe('unrecognised');
    expect(answer.candidates.map((candidate) => candidate.name)).toContain(name);
  });
});

import { describe, expect, it } from 'vitest';
import { checkInteractions } from './index.ts';

/** The level of the pair finding, and where there is none, the outcome. */
const levelOf = (one: string, other: string): string => {
  const { findings, outcome } = checkInteractions([one, other]);
  return findings.find((finding) => finding.kind === 'pair')?.level ?? outcome;
};

describe('cancer drugs', () => {
  it.each([
    ['contraindicated', 'gemcitabine', 'yellow fever vaccine live'],
    ['contraindicated', 'bleomycin', 'brentuximab vedotin'],
    ['contraindicated', 'Venclexta', 'clarithromycin'],
    ['major', 'clozapine', 'docetaxel'],
    ['major', 'warfarin', 'carboplatin'],
    ['major', 'doxorubicin', 'verapamil'],
    ['major', 'etoposide', 'phenytoin'],
    ['major', 'Velban', 'mitomycin'],
    ['major', 'Keytruda', 'lenalidomide'],
    ['major', 'Talzenna', 'itraconazole'],
    ['major', 'Nubeqa', 'rifampin'],
    ['major', 'Pomalyst', 'ciprofloxacin'],
    ['major', 'Avastin', 'Sutent'],
    ['moderate', 'Ibrance', 'diltiazem'],
    ['moderate', 'Alecensa', 'metoprolol'],
    ['moderate', 'Verzenio', 'metformin'],
    ['moderate', 'Zejula', 'apixaban'],
    ['moderate', 'Opdivo', 'prednisone'],
    ['none_found', 'temozolomide', 'lisinopril'],
    ['none_found', 'Zoladex', 'amoxicillin'],
  ])('%s: %s with %s', (level, one, other) => {
    expect([levelOf(one, other), levelOf(other, one)]).toEqual([level, level]);
  });
});

describe('drugs in everyday use', () => {
  it.each([
    ['moderate', 'Tessalon', 'oxycodone'],
    ['moderate', 'Pyridium', 'dapsone'],
    ['moderate', 'sodium fluoride', 'calcium carbonate'],
    ['moderate', 'Metamucil', 'oxycodone'],
    ['minor', 'Metamucil', 'metformin'],
    ['minor', 'capsaicin', 'lisinopril'],
    ['minor', 'biotin', 'carbamazepine'],
    ['minor', 'Procrit', 'losartan'],
    ['none_found', 'Mucinex', 'amlodipine'],
    ['none_found', 'mupirocin', 'warfarin'],
    ['none_found', 'Repatha', 'atorvastatin'],
  ])('%s: %s with %s', (level, one, other) => {
    expect([levelOf(one, other), levelOf(other, one)]).toEqual([level, level]);
  });
});

describe('pairs that were called free of interactions', () => {
  it.each([
    ['contraindicated', 'amiodarone', 'nelfinavir'],
    ['contraindicated', 'Nitropress', 'Viagra'],
    ['major', 'Nardil', 'morphine'],
    ['major', 'linezolid', 'oxycodone'],
    ['major', 'fluorouracil', 'metronidazole'],
    ['major', 'Dilantin', 'rifampin'],
    ['major', 'Eliquis', 'tranexamic acid'],
    ['moderate', 'rivaroxaban', 'rifabutin'],
    ['moderate', 'phenytoin', 'carbamazepine'],
    ['moderate', 'carbamazepine', 'HCTZ'],
    ['moderate', 'warfarin', 'alcohol'],
    ['moderate', 'Zoloft', 'alcohol'],
    ['moderate', 'oxycodone', 'oxybutynin'],
    ['moderate', 'tacrolimus', 'nifedipine'],
    ['moderate', 'clozapine', 'caffeine'],
    ['moderate', 'potassium chloride', 'ibuprofen'],
    ['moderate', 'digoxin', 'neomycin'],
    ['moderate', 'theophylline', 'isoniazid'],
    ['moderate', 'methotrexate', 'vancomycin'],
    ['none_found', 'levothyroxine', 'metformin'],
    ['none_found', 'lithium', 'amlodipine'],
  ])('%s: %s with %s', (level, one, other) => {
    expect([levelOf(one, other), levelOf(other, one)]).toEqual([level, level]);
  });

  it('are no pairs, but two drugs that act the same way', () => {
    expect(checkInteractions(['Ozempic', 'Januvia']).findings).toMatchObject([
      { kind: 'duplicate', rule_id: 'same-class-incretins', level: 'moderate' },
    ]);
  });
});

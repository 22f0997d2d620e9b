import { describe, expect, it } from 'vitest';
import { checkInteractions } from './index.ts';
import { type Level, rankOf } from './level.ts';

/** The level of the pair finding that is most serious; `undefined`: there is none. */
const levelOf = (one: string, other: string): Level | undefined =>
  checkInteractions([one, other]).findings.find((finding) => finding.kind === 'pair')?.level;

const eachOf = (level: Level, object: string, ...others: string[]) =>
  others.map((other): [Level, string, string] => [level, object, other]);

describe('pairs at the level of a US label', () => {
  it.each([
    ...eachOf('contraindicated', 'pimozide', 'zileuton', 'dolasetron', 'methylphenidate', 'Adderall'),
    ...eachOf('contraindicated', 'ziprasidone', 'dolasetron', 'tacrolimus'),
    ...eachOf('contraindicated', 'doravirine', 'oxcarbazepine', 'phenobarbital'),
    ...eachOf('contraindicated', 'rilpivirine', 'eslicarbazepine'),
    ...eachOf('contraindicated', 'ergotamine', 'efavirenz', 'dihydroergotamine'),
    ...eachOf('contraindicated', 'ketoconazole', 'methadone', 'felodipine', 'midazolam'),
    ['contraindicated', 'Sinemet', 'phenelzine'],
    ['contraindicated', 'riociguat', 'vericiguat'],
    ['contraindicated', 'trazodone', 'saquinavir'],
    ['contraindicated', 'triazolam', 'efavirenz'],
    ['contraindicated', 'atorvastatin', 'posaconazole'],
    ['contraindicated', 'pitavastatin', 'cyclosporine'],
    ['contraindicated', 'nifedipine', 'rifampin'],
    ['contraindicated', 'voclosporin', 'clarithromycin'],
    ['contraindicated', 'mifepristone', 'cyclosporine'],
    ['contraindicated', 'codeine', 'phenelzine'],
    ['contraindicated', 'abrocitinib', 'clopidogrel'],
    ['contraindicated', 'metronidazole', 'alcohol'],
    ...eachOf('contraindicated', 'lonafarnib', 'rifampin', 'simvastatin', 'fluconazole'),
    ...eachOf('major', 'tucatinib', 'rifampin', 'phenytoin'),
    ...eachOf('major', 'moclobemide', 'methylphenidate', 'pseudoephedrine'),
    ...eachOf('major', 'abrocitinib', 'azathioprine', 'cyclosporine'),
    ...eachOf('major', 'aliskiren', 'itraconazole'),
    ...eachOf('major', 'lemborexant', 'fluconazole', 'diltiazem'),
    ...eachOf('major', 'tolvaptan', 'verapamil', 'grapefruit juice'),
    ...eachOf('major', 'ibrutinib', 'diltiazem', 'fluconazole'),
    ...eachOf('major', 'ivabradine', 'rifampin', 'carbamazepine'),
    ...eachOf('major', 'Biktarvy', 'oxcarbazepine'),
    ...eachOf('major', 'dolutegravir', 'etravirine', 'nevirapine'),
    ...eachOf('major', 'elbasvir', 'modafinil', 'bosentan'),
    ...eachOf('major', 'topotecan', 'velpatasvir'),
    ...eachOf('major', 'tamsulosin', 'ketoconazole', 'doxazosin'),
    ...eachOf('major', 'vardenafil', 'sotalol', 'amiodarone', 'tadalafil'),
    ...eachOf('major', 'fentanyl', 'aprepitant', 'amiodarone'),
    ...eachOf('major', 'disopyramide', 'verapamil', 'metoprolol'),
    ...eachOf('major', 'metoclopramide', 'clozapine', 'rivastigmine'),
    ['major', 'salmeterol', 'formoterol'],
    ['major', 'cladribine', 'lamivudine'],
    ['major', 'sirolimus', 'tacrolimus'],
    ['major', 'mycophenolate', 'cholestyramine'],
    ['major', 'cisplatin', 'rituximab'],
    ['major', 'cyclophosphamide', 'pentostatin'],
    ['major', 'gentamicin', 'neomycin'],
    ['major', 'lasmiditan', 'colchicine'],
    ['major', 'diazepam', 'fluvoxamine'],
    ['major', 'desmopressin', 'fluticasone'],
    ['major', 'praziquantel', 'efavirenz'],
    ['major', 'itraconazole', 'isoniazid'],
    ['major', 'succinylcholine', 'neostigmine'],
    ...eachOf('moderate', 'levodopa', 'isoniazid', 'quetiapine'),
    ...eachOf('moderate', 'cimetidine', 'nifedipine', 'methadone', 'cyclosporine'),
    ...eachOf('moderate', 'digoxin', 'vemurafenib', 'glecaprevir', 'ivacaftor'),
    ...eachOf('moderate', 'warfarin', 'letermovir', 'sofosbuvir', 'eslicarbazepine'),
    ...eachOf('moderate', 'epinephrine', 'chlorpromazine', 'doxazosin'),
    ...eachOf('moderate', 'amphetamine', 'tramadol', 'sumatriptan'),
    ...eachOf('moderate', 'magnesium sulfate', 'gentamicin', 'calcium gluconate'),
    ...eachOf('moderate', 'etravirine', 'clarithromycin', 'clopidogrel'),
    ...eachOf('moderate', 'doxepin', 'sumatriptan', 'lithium', 'venlafaxine'),
    ...eachOf('moderate', 'droperidol', 'lorazepam', 'zolpidem'),
    ...eachOf('moderate', 'ofloxacin', 'glipizide', 'insulin glargine'),
    ['moderate', 'methylphenidate', 'sevoflurane'],
    ['moderate', 'hydroxychloroquine', 'magnesium hydroxide'],
    ['moderate', 'metronidazole', 'phenobarbital'],
    ['moderate', 'risperidone', 'itraconazole'],
    ['moderate', 'infliximab', 'azathioprine'],
    ['moderate', 'risperidone', 'furosemide'],
  ] as [Level, string, string][])('%s at least: %s with %s', (least, one, other) => {
    const found = levelOf(one, other);
    expect(found === undefined ? 'none' : rankOf(found) <= rankOf(least)).toBe(true);
    expect(levelOf(other, one)).toBe(found);
  });
});

import { describe, expect, it } from 'vitest';
import { checkInteractions } from './index.ts';
import { type Level, rankOf } from './level.ts';

const highest = (...medications: string[]): Level | undefined => {
  const { findings } = checkInteractions(medications);
  return findings.map(({ level }) => level).sort((a, b) => rankOf(a) - rankOf(b))[0];
};

const isAtLeast = (least: Level, found: Level | undefined): boolean =>
  found !== undefined && rankOf(found) <= rankOf(least);

const eachOf = (object: string, ...precipitants: string[]) =>
  precipitants.map((one): [string, string] => [object, one]);

describe('pairs that classes had left out', () => {
  it.each([
    ...eachOf('safinamide', 'methylphenidate', 'amphetamine', 'phentermine', 'pseudoephedrine'),
    ...eachOf('methylene blue', 'lisdexamfetamine', 'phentermine', 'phenylephrine'),
    ...eachOf('adagrasib', 'simvastatin', 'midazolam', 'colchicine', 'sirolimus', 'fentanyl', 'rifampin'),
    ...eachOf('Paxlovid', 'clozapine', 'disopyramide', 'mexiletine', 'quinine', 'estazolam', 'flurazepam'),
    ...eachOf('Paxlovid', 'bedaquiline', 'Zepatier', 'Mavyret'),
    ...eachOf('quinine', 'rifampin', 'rocuronium'),
    ...eachOf('vorapaxar', 'naproxen'),
    ...eachOf('alteplase', 'ibuprofen'),
    ...eachOf('eptifibatide', 'ketorolac'),
    ...eachOf('grapefruit juice', 'pimozide', 'nilotinib'),
    ['diphenoxylate and atropine', 'phenelzine'],
    ['lamotrigine', 'dofetilide'],
    ['omeprazole', 'nelfinavir'],
    ['ospemifene', 'fluconazole'],
    ['ruxolitinib', 'fluconazole'],
    ['bromocriptine', 'ketoconazole'],
    ['abiraterone', 'thioridazine'],
    ['etanercept', 'cyclophosphamide'],
    ['pitavastatin', 'erythromycin'],
    ['methotrexate', 'bismuth subsalicylate'],
    ['diltiazem', 'verapamil'],
    ['cidofovir', 'tenofovir'],
  ])('%s with %s interrupts', (one, other) => {
    expect(isAtLeast('major', highest(one, other))).toBe(true);
  });

  it.each([
    ...eachOf('Paxlovid', 'itraconazole', 'clarithromycin', 'rosuvastatin'),
    ...eachOf('amlodipine', 'diltiazem', 'verapamil'),
    ...eachOf('heparin', 'lisinopril', 'losartan', 'spironolactone'),
    ...eachOf('lasmiditan', 'oxycodone', 'alcohol'),
    ...eachOf('cholestyramine', 'doxycycline', 'tetracycline'),
    ...eachOf('prednisone', 'repaglinide', 'nateglinide'),
    ...eachOf('zolpidem', 'amitriptyline', 'risperidone', 'levetiracetam', 'topiramate'),
    ...eachOf('alcohol', 'lamotrigine', 'valproate', 'aripiprazole'),
    ['leflunomide', 'adalimumab'],
    ['cenobamate', 'phenytoin'],
    ['quinine', 'atorvastatin'],
    ['quinine', 'ritonavir'],
    ['pitavastatin', 'rifampin'],
    ['pravastatin', 'clarithromycin'],
    ['levomilnacipran', 'ketoconazole'],
    ['suvorexant', 'diltiazem'],
    ['glipizide', 'ibuprofen'],
    ['warfarin', 'ofloxacin'],
    ['carvedilol', 'cyclosporine'],
    ['aprepitant', 'dexamethasone'],
  ])('%s with %s is found', (one, other) => {
    expect(isAtLeast('moderate', highest(one, other))).toBe(true);
  });

  it.each([
    ['finasteride', 'dutasteride'],
    ['hydroxyzine', 'cetirizine'],
    ['pramipexole', 'ropinirole'],
    ['evolocumab', 'alirocumab'],
    ['mirabegron', 'vibegron'],
    ['pioglitazone', 'rosiglitazone'],
    ['clonidine', 'guanfacine'],
    ['montelukast', 'zafirlukast'],
    ['cephalexin', 'cefuroxime'],
    ['latanoprost', 'bimatoprost'],
    ['insulin lispro', 'insulin aspart'],
  ])('%s beside %s is a duplicate of a class', (one, other) => {
    expect(checkInteractions([one, other]).findings).toContainEqual(
      expect.objectContaining({ kind: 'duplicate' }),
    );
  });

  it.each(['cabozantinib', 'elagolix', 'dobutamine'])('%s is no longer declared as gone through', (name) => {
    expect(checkInteractions([name, 'acetaminophen']).outcome).toBe('incomplete');
  });
});

import { describe, expect, it } from 'vitest';
import { builtInRules, checkInteractions } from './index.ts';

/** The level of the pair finding, and where there is none, the outcome. */
const levelOf = (one: string, other: string): string => {
  const { findings, outcome } = checkInteractions([one, other]);
  return findings.find((finding) => finding.kind === 'pair')?.level ?? outcome;
};

describe('pairs that a pharmacist asks about', () => {
  it.each([
    ['contraindicated', 'allopurinol', 'didanosine'],
    ['contraindicated', 'fluorouracil', 'brivudine'],
    ['contraindicated', 'Relpax', 'clarithromycin'],
    ['contraindicated', 'simvastatin', 'fusidic acid'],
    ['contraindicated', 'Adempas', 'dipyridamole'],
    ['contraindicated', 'selexipag', 'gemfibrozil'],
    ['contraindicated', 'Varivax', 'infliximab'],
    ['contraindicated', 'naltrexone', 'tramadol'],
    ['contraindicated', 'Entresto', 'lisinopril'],
    ['contraindicated', 'Aubagio', 'Arava'],
    ['contraindicated', 'Qelbree', 'tizanidine'],
    ['contraindicated', 'Qelbree', 'duloxetine'],
    ['contraindicated', 'Zepatier', 'cyclosporine'],
    ['contraindicated', 'Mavyret', 'atazanavir'],
    ['contraindicated', 'cidofovir', 'naproxen'],
    ['contraindicated', 'cidofovir', 'amphotericin B'],
    ['contraindicated', 'Recorlev', 'quinidine'],
    ['contraindicated', 'Recorlev', 'ondansetron'],
    ['contraindicated', 'Recorlev', 'midazolam'],
    ['contraindicated', 'Veozah', 'fluvoxamine'],
    ['major', 'Mavyret', 'cyclosporine'],
    ['major', 'resmetirom', 'cyclosporine'],
    ['major', 'Livtencity', 'valganciclovir'],
    ['major', 'Joenja', 'ketoconazole'],
    ['major', 'Piqray', 'rifampin'],
    ['major', 'Turalio', 'omeprazole'],
    ['major', 'Wakix', 'oral contraceptives'],
    ['moderate', 'Wakix', 'paroxetine'],
    ['moderate', 'Ojjaara', 'rosuvastatin'],
    ['major', 'Olysio', 'amiodarone'],
    ['major', 'Xalkori', 'amiodarone'],
    ['major', 'crizotinib', 'ondansetron'],
    ['major', 'ivosidenib', 'ondansetron'],
    ['major', 'ceritinib', 'ondansetron'],
    ['major', 'gilteritinib', 'ceritinib'],
    ['major', 'pimavanserin', 'quetiapine'],
    ['major', 'foscarnet', 'pentamidine'],
    ['major', 'encorafenib', 'midazolam'],
    ['major', 'lumacaftor', 'apixaban'],
    ['major', 'aprepitant', 'oral contraceptives'],
    ['major', 'baricitinib', 'probenecid'],
    ['major', 'paclitaxel', 'ketoconazole'],
    ['major', 'valbenazine', 'ketoconazole'],
    ['major', 'eliglustat', 'ketoconazole'],
    ['major', 'propofol', 'fentanyl'],
    ['major', 'alprazolam', 'alcohol'],
    // The ONC low-priority list has this class pair as passive.
    ['moderate', 'lisinopril', 'losartan'],
    ['moderate', 'gilteritinib', 'trazodone'],
    ['major', 'MMR vaccine', 'prednisone'],
    ['major', 'buprenorphine', 'oxycodone'],
    ['major', 'nalbuphine', 'morphine'],
    ['major', 'lithium', 'lisinopril'],
    ['major', 'lithium', 'losartan'],
    ['major', "St. John's wort", 'sertraline'],
    ['major', 'tramadol', 'carbamazepine'],
    ['major', 'adalimumab', 'anakinra'],
    ['major', 'methotrexate', 'nitrous oxide'],
    ['major', 'remdesivir', 'hydroxychloroquine'],
    ['major', 'adenosine', 'dipyridamole'],
    ['major', 'digoxin', 'calcium gluconate'],
    ['major', 'clopidogrel', 'ritonavir'],
    ['major', 'aliskiren', 'lisinopril'],
    ['major', 'gabapentin', 'morphine'],
    ['major', 'cyclosporine', 'orlistat'],
    ['moderate', 'ticagrelor', 'morphine'],
    ['moderate', 'ticagrelor', 'aspirin'],
    ['moderate', 'clozapine', 'smoking'],
    ['moderate', 'theophylline', 'phenytoin'],
    ['moderate', 'warfarin', 'ritonavir'],
    ['moderate', 'warfarin', 'glucosamine'],
    ['moderate', 'doxycycline', 'carbamazepine'],
    ['moderate', 'lithium', 'sodium chloride'],
    ['moderate', 'levothyroxine', 'multivitamin'],
    ['moderate', 'metformin', 'topiramate'],
    ['minor', 'warfarin', 'cephalexin'],
  ])('%s: %s with %s', (level, one, other) => {
    expect(levelOf(one, other)).toBe(level);
  });

  it.each([
    ['lisinopril', 'atorvastatin'],
    ['metformin', 'amlodipine'],
    ['omeprazole', 'metformin'],
    ['albuterol', 'fluticasone'],
    ['apixaban', 'metoprolol'],
    ['acetaminophen', 'ibuprofen'],
    ['sertraline', 'bupropion'],
    ['levetiracetam', 'lamotrigine'],
    ['donepezil', 'memantine'],
    ['estradiol', 'progesterone'],
    ['tacrolimus', 'mycophenolate'],
    ['amoxicillin', 'clarithromycin'],
  ])('nothing about %s with %s', (one, other) => {
    expect(checkInteractions([one, other])).toMatchObject({ outcome: 'none_found', findings: [] });
  });

  it('no alarm about drugs that are given together every day', () => {
    const everyday = [
      ['clopidogrel', 'aspirin'],
      ['losartan', 'hydrochlorothiazide'],
      ['carbidopa/levodopa', 'rasagiline'],
      ['methotrexate', 'folic acid'],
      ['simvastatin', 'ezetimibe'],
      ['tacrolimus', 'prednisone'],
      ['lithium', 'quetiapine'],
      ['insulin glargine', 'metformin'],
    ];
    const alarms = everyday.filter((pair) =>
      checkInteractions(pair).findings.some((one) => one.interruptive),
    );
    expect(alarms).toEqual([]);
  });

  it('tells of one substance under two names once, and not as an interaction with itself', () => {
    for (const pair of [
      ['lithium', 'lithium carbonate'],
      ['Effexor', 'Pristiq'],
      ['timolol eye drops', 'timolol tablet'],
    ]) {
      const kinds = new Set(checkInteractions(pair).findings.map((finding) => finding.kind));
      expect(kinds, pair.join()).toEqual(new Set(['duplicate']));
    }
  });

  it('counts one substance under two names once where effects add up', () => {
    const rules = (texts: string[]) => checkInteractions(texts).findings.map((finding) => finding.rule_id);
    expect(rules(['lithium', 'lithium carbonate', 'buspirone'])).not.toContain('group-serotonin');
    expect(rules(['lithium', 'trazodone', 'buspirone'])).toContain('group-serotonin');
  });

  it('adds up drugs that may prolong the QT interval, where each pair is passive', () => {
    const { findings } = checkInteractions(['quetiapine', 'mirtazapine', 'trazodone']);
    expect(findings.filter((one) => one.kind === 'pair' && one.interruptive)).toEqual([]);
    expect(findings).toContainEqual(
      expect.objectContaining({ rule_id: 'group-qt-possible', interruptive: true }),
    );
  });

  it('adds up what favours bleeding when a supplement is the third', () => {
    const { findings } = checkInteractions(['aspirin', 'sertraline', 'fish oil']);
    expect(findings).toContainEqual(
      expect.objectContaining({ rule_id: 'group-bleeding-supplements', level: 'major' }),
    );
    expect(checkInteractions(['aspirin', 'sertraline']).findings.map((one) => one.kind)).toEqual(['pair']);
  });

  it('lets a source that was read speak before one that was not', () => {
    const [finding] = checkInteractions(['Tikosyn', 'cimetidine']).findings;
    expect(finding).toMatchObject({ rule_id: 'read-dofetilide', verification: 'primary_read' });
    expect(finding?.source_url).toMatch(/^https:/u);
    expect(finding?.other_rules).toContainEqual({ rule_id: 'label-dofetilide', level: 'contraindicated' });
  });
});

describe('coverage of the drugs that are used most', () => {
  const most = [
    'atorvastatin|metformin|levothyroxine|lisinopril|amlodipine|metoprolol|albuterol|losartan|gabapentin|omeprazole',
    'sertraline|rosuvastatin|pantoprazole|escitalopram|hydrochlorothiazide|bupropion|fluoxetine|semaglutide|montelukast',
    'trazodone|simvastatin|amoxicillin|tamsulosin|hydrocodone/acetaminophen|fluticasone|meloxicam|apixaban|furosemide',
    'insulin glargine|duloxetine|ibuprofen|famotidine|empagliflozin|carvedilol|tramadol|alprazolam|prednisone|hydroxyzine',
    'buspirone|clopidogrel|glipizide|citalopram|potassium chloride|allopurinol|aspirin|cyclobenzaprine|oxycodone',
    'methylphenidate|venlafaxine|spironolactone|ondansetron|zolpidem|cetirizine|estradiol|pravastatin|lamotrigine',
    'quetiapine|clonazepam|dulaglutide|azithromycin|latanoprost|cholecalciferol|propranolol|ezetimibe|topiramate',
    'paroxetine|diclofenac|atenolol|lisdexamfetamine|doxycycline|pregabalin|glimepiride|tizanidine|clonidine|fenofibrate',
    'insulin lispro|valsartan|cephalexin|baclofen|rivaroxaban|ferrous sulfate|amitriptyline|finasteride|dapagliflozin',
    'folic acid|aripiprazole|olmesartan|valacyclovir|mirtazapine|lorazepam|levetiracetam|naproxen|loratadine|diltiazem',
    'sumatriptan|hydralazine|tirzepatide|celecoxib|alendronate|oxybutynin|warfarin|progesterone|testosterone|nifedipine',
    'guanfacine|ciprofloxacin|fluconazole|hydroxychloroquine|methotrexate|docusate|donepezil|Bactrim|isosorbide mononitrate',
    'oxcarbazepine|sitagliptin|esomeprazole|Suboxone|tadalafil|sildenafil|famciclovir|ropinirole|methocarbamol',
    'nitrofurantoin|acyclovir|pioglitazone|lithium|Yasmin|memantine|pramipexole|risperidone|olanzapine|lurasidone|Depakote',
    'phenytoin|carbamazepine|verapamil|digoxin|amiodarone|ticagrelor|enoxaparin|clozapine|methadone|fentanyl|linezolid',
    'tacrolimus|cyclosporine|colchicine|theophylline|Paxlovid|multivitamin|denosumab|cefadroxil|turmeric',
  ].flatMap((line) => line.split('|'));

  it.each(most)('%s is recognised, declared as assessed and not without a rule', (name) => {
    const answer = checkInteractions([name]);
    expect(answer).toMatchObject({ unrecognised: [], not_assessed: [] });
    for (const { ingredient } of answer.assessed)
      expect(builtInRules().coverageOf(ingredient)).toBeGreaterThan(0);
  });
});

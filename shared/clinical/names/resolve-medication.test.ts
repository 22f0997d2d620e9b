import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInLexicon, resolveMedication } from './index.ts';

const ingredientsOf = (text: string): string => {
  const answer = resolveMedication(text);
  return answer.status === 'resolved' ? answer.ingredients.join(' + ') : answer.status;
};

describe('resolveMedication', () => {
  it('maps over a list of texts, whatever else a caller hands over', () => {
    expect(['Coumadin', 'Advil'].map(resolveMedication).map(({ ingredients }) => ingredients)).toEqual([
      ['warfarin'],
      ['ibuprofen'],
    ]);
  });

  it.each([
    ['warfarin', 'warfarin'],
    ['Coumadin 5 mg', 'warfarin'],
    ['WARFARIN SODIUM', 'warfarin'],
    ['Amoxicillin 875 MG / Clavulanate 125 MG Oral Tablet', 'amoxicillin + clavulanate'],
    ['atorvastatin calcium 20 MG Oral Tablet', 'atorvastatin'],
    ['metoprolol succinate ER 50 mg once daily', 'metoprolol'],
    ['Percocet 5/325', 'acetaminophen + oxycodone'],
    ['hydrocodone/apap 5-325', 'acetaminophen + hydrocodone'],
    ['lisinopril-hydrochlorothiazide', 'hydrochlorothiazide + lisinopril'],
    ['sulfamethoxazole and trimethoprim DS', 'sulfamethoxazole + trimethoprim'],
    ['abacavir sulfate, lamivudine and zidovudine', 'abacavir + lamivudine + zidovudine'],
    ['methylthioninium chloride (methylene blue)', 'methylene blue'],
    ['bicalutamide 50 MG Oral Tablet [Casodex]', 'bicalutamide'],
    ['paracetamol', 'acetaminophen'],
    ['HCTZ 25', 'hydrochlorothiazide'],
    ["St. John's Wort", "st john's wort"],
    ['Claritin-D', 'loratadine + pseudoephedrine'],
    ['Tylenol PM', 'acetaminophen + diphenhydramine'],
    ['Tylenol 3', 'acetaminophen + codeine'],
    ['Tylenol #3', 'acetaminophen + codeine'],
    ['Tylenol #3 tablets', 'acetaminophen + codeine'],
    ['Tylenol 3 tablet', 'acetaminophen + codeine'],
    ['Zantac 360', 'famotidine'],
    ['Zantac 360 tablets', 'famotidine'],
    ['vitamin K 3', 'menadione'],
    ['vitamin K 1', 'phytonadione'],
    ['vitamin K 5 mg', 'phytonadione'],
    ['vitamin E 400', 'vitamin e'],
    ['warfarin (oral) (5 mg)', 'warfarin'],
    ['FluMist nasal spray', 'influenza vaccine live'],
    ['influenza vaccine injection', 'influenza vaccine'],
    ['Zantac 150 mg', 'ranitidine'],
    ['Wellbutrin XL 300', 'bupropion'],
    ['Synthroid 0.075', 'levothyroxine'],
    ['adalimumab-adaz', 'adalimumab'],
    ['11289', 'warfarin'],
    ['rxcui:11289', 'warfarin'],
    ['heparin sodium 25,000 units in dextrose 5% in plastic container', 'heparin'],
    [
      'potassium chloride 20 mEq in dextrose 5% and sodium chloride 0.45%',
      'dextrose + potassium chloride + sodium chloride',
    ],
    ['neomycin and polymyxin B sulfates and hydrocortisone', 'hydrocortisone + neomycin + polymyxin b'],
    ['{14 (lamotrigine 100 MG Oral Tablet) / 42 (lamotrigine 50 MG Oral Tablet) } Pack', 'lamotrigine'],
    ['dextromethorphan hydrobromide 10 MG Oral Lozenge [Sucrets DM]', 'dextromethorphan'],
    ['ferrous sulfate 325 mg (65 mg elemental iron)', 'ferrous sulfate'],
    ['calcium carbonate 750 MG (Ca 300 MG) Chewable Tablet', 'calcium carbonate'],
    ['dexamethasone sodium phosphate 4 MG/ML (dexamethasone phosphate equivalent)', 'dexamethasone'],
    ['“warfarin” 5 mg', 'warfarin'],
    ['metoprolol tart 25', 'metoprolol'],
    ['acetic acid, calcium salt', 'calcium acetate'],
    ['beta-propiolactone', 'propiolactone'],
    ['estradiol 17-beta', 'estradiol'],
    ['valproate semisodium', 'divalproex'],
    ['MMR vaccine', 'measles, mumps, and rubella vaccine live'],
  ])('%j is %s', (text, expected) => {
    expect(ingredientsOf(text)).toBe(expected);
  });

  it.each([
    ['lithium carbonate 300 mg', 'lithium carbonate'],
    ['lithium', 'lithium'],
    ['potassium chloride 20 mEq', 'potassium chloride'],
    ['calcium carbonate', 'calcium carbonate'],
    ['ferrous sulfate 325 mg', 'ferrous sulfate'],
    ['magnesium oxide', 'magnesium oxide'],
    ['sodium bicarbonate', 'sodium bicarbonate'],
  ])('keeps the salt word that is the drug: %s', (text, expected) => {
    expect(ingredientsOf(text)).toBe(expected);
  });

  it.each([
    ['celebrex', 'celexa'],
    ['clonidine', 'clonazepam'],
    ['prednisone', 'prednisolone'],
    ['bupropion', 'buspirone'],
    ['quinine', 'quinidine'],
    ['hydroxyzine', 'hydralazine'],
    ['metformin', 'metronidazole'],
    ['tramadol', 'trazodone'],
    ['lamotrigine', 'lamivudine'],
    ['carboplatin', 'cisplatin'],
    ['ephedrine', 'epinephrine'],
    ['glipizide', 'glyburide'],
    ['chlorpromazine', 'chlorpropamide'],
    ['azathioprine', 'azithromycin'],
  ])('keeps %s and %s apart', (one, other) => {
    expect(ingredientsOf(one)).not.toBe('unrecognised');
    expect(ingredientsOf(other)).not.toBe('unrecognised');
    expect(ingredientsOf(one)).not.toBe(ingredientsOf(other));
  });

  it.each([
    ['warfrin', 'warfarin'],
    ['warfrin 5 mg tablet', 'warfarin'],
    ['metropolol', 'metoprolol'],
    ['clonazpine', 'clozapine'],
    ['clonazpine', 'clonazepam'],
  ])('asks about %j and offers %s', (text, candidate) => {
    const answer = resolveMedication(text);
    expect(answer.status).toBe('unrecognised');
    expect(answer.candidates.map((one) => one.ingredients.join())).toContain(candidate);
  });

  it.each([
    ['warfarin, Coumadin', ['warfarin', 'warfarin']],
    ['Coumadin 5 mg tablet and warfarin 2 mg tablet', ['warfarin', 'warfarin']],
    ['warfarin 5 mg, warfarin 2 mg', ['warfarin', 'warfarin']],
    ['Percocet, Tylenol', ['acetaminophen+oxycodone', 'acetaminophen']],
    ['hydrocodone/apap, acetaminophen', ['acetaminophen+hydrocodone', 'acetaminophen']],
    ['lisinopril/hctz, ibuprofen', ['hydrochlorothiazide+lisinopril', 'ibuprofen']],
    ['warfarin/Coumadin', ['warfarin']],
    ['lisinopril, hydrochlorothiazide', ['hydrochlorothiazide+lisinopril']],
    ['betamethasone acetate and betamethasone sodium phosphate', ['betamethasone']],
    ['estradiol valerate; estradiol valerate; dienogest', ['dienogest+estradiol']],
    [
      "potassium chloride 20 mEq in dextrose 5% and lactated ringer's",
      ['calcium chloride+dextrose+potassium chloride+sodium chloride+sodium lactate'],
    ],
  ])('tells of %j which products it names', (text, expected) => {
    const answer = resolveMedication(text);
    const products = answer.status === 'resolved' ? answer.products : [];
    expect(products.map(({ ingredients }) => ingredients.join('+'))).toEqual(expected);
  });

  it.each([null, undefined, 11289, {}])('refuses %j, which is no text', (given) => {
    expect(() => resolveMedication(given as unknown as string)).toThrow('must be a text');
  });

  it.each([
    'MTX',
    'MS',
    'AZT',
    'penicillin',
    'vitamin D',
    'isosorbide',
    'Humulin',
    'Neosporin',
    'Fioricet',
    'Midol',
    'Triaminic',
  ])('never accepts %s, which may mean several drugs', (text) => {
    const answer = resolveMedication(text);
    expect(answer.status).toBe('unrecognised');
    expect(answer.candidates.length).toBeGreaterThan(1);
  });

  it.each([
    ['Dulcolax liquid', 'magnesium hydroxide', 'bisacodyl'],
    ['Dulcolax oral suspension 1200 mg/15 mL', 'magnesium hydroxide', 'bisacodyl'],
    ['Claritin eye drops', 'ketotifen', 'loratadine'],
    ['Zyrtec eye drops 0.025%', 'ketotifen', 'cetirizine'],
    ['Allegra cream', 'diphenhydramine', 'fexofenadine'],
    ['Sudafed nasal spray', 'oxymetazoline', 'pseudoephedrine'],
    ['Unisom gel capsule', 'diphenhydramine', 'doxylamine'],
    ['Unisom softgels 50', 'diphenhydramine', 'doxylamine'],
    ['Colace suppository', 'glycerin', 'docusate'],
    ['Lotrimin spray', 'miconazole', 'clotrimazole'],
    ['Lotrimin AF powder', 'miconazole', 'clotrimazole'],
    ['Dulcolax (liquid)', 'magnesium hydroxide', 'bisacodyl'],
    ['Lamisil powder', 'terbinafine', 'tolnaftate'],
    ['influenza vaccine nasal spray', 'influenza vaccine', 'influenza vaccine live'],
    ['flu vaccine nasal spray', 'influenza vaccine', 'influenza vaccine live'],
    ['influenza vaccine (nasal)', 'influenza vaccine', 'influenza vaccine live'],
    ['nasal flu vaccine', 'influenza vaccine', 'influenza vaccine live'],
    ['Tylenol 2 tabs', 'acetaminophen', 'acetaminophen + codeine'],
    ['Tylenol 4 tablets daily', 'acetaminophen', 'acetaminophen + codeine'],
    ['Tylenol tabs 3', 'acetaminophen', 'acetaminophen + codeine'],
    ['Tylenol 500 mg 3', 'acetaminophen', 'acetaminophen + codeine'],
    ["Pepto-Bismol Children's chewable", 'calcium carbonate', 'bismuth subsalicylate'],
    ['Midol caplets', 'ibuprofen', 'acetaminophen + caffeine + pyrilamine'],
    ['Triaminic syrup', 'acetaminophen', 'chlorpheniramine + dextromethorphan'],
  ])('asks about %j, whose name and form leave the drug open: %s or %s', (text, one, other) => {
    const answer = resolveMedication(text);
    expect(answer.status).toBe('unrecognised');
    const offered = answer.candidates.map((candidate) => candidate.ingredients.join(' + '));
    expect(offered).toEqual(expect.arrayContaining([one, other]));
  });

  it.each([
    ['Dulcolax 5 mg tablet', 'bisacodyl'],
    ['Dulcolax suppository', 'bisacodyl'],
    ['Claritin liquid', 'loratadine'],
    ['Zyrtec oral drops', 'cetirizine'],
    ['Allegra 180 mg tablet', 'fexofenadine'],
    ['Sudafed liquid', 'pseudoephedrine'],
    ['Unisom SleepTabs', 'doxylamine'],
    ['Unisom tablet', 'doxylamine'],
    ['Colace capsule', 'docusate'],
    ['Lotrimin cream', 'clotrimazole'],
    ['Midol Complete caplets', 'acetaminophen + caffeine + pyrilamine'],
    ['bisacodyl liquid', 'bisacodyl'],
  ])('a form that leaves nothing open: %j is %s', (text, expected) => {
    expect(ingredientsOf(text)).toBe(expected);
  });

  it.each([
    'aspirin mystery blend',
    'warfarin [aspirin]',
    'warfarin [no strength before it]',
    'warfarin 5 mg tablet [aspirin]',
    'warfarin 5 mg tablet [together with aspirin]',
    'nystatin 100 UNT/MG Topical Powder [a brand nobody knows]',
    'loratadine 10 MG Oral Tablet [sildenafl]',
    'loratadine 10 MG Oral Tablet [sildenafil]',
    'loratadine 10 MG Oral Tablet [rxcui:1191]',
    'loratadine 10 MG Oral Tablet [1191 warfrin]',
    'amoxicillin 500 MG Oral Capsule [now also on warfrin]',
    '{21 (warfarin 5 MG Oral Tablet) / 7 (nobody knows) } Pack',
    '{1 (acetaminophen 325 MG Oral Tablet) } Pack [warfrin]',
    '{1 (acetaminophen 325 MG Oral Tablet) / 2 (inert ingredients warfrin) } Pack',
    '{1 (acetaminophen 325 MG Oral Tablet) warfrin } Pack',
    'w\u0430rfarin',
    'lithium in sodium chlorid',
    'warfarin and something else',
    'aspirin calcium carbonate',
    'warfarin (aspirin)',
    'vitamin K 7',
    'Coumadin 3',
    'Concerta 36',
    'Advil Cold',
    '99999999',
    'tablet',
    '500 mg',
    '',
    '???',
  ])('does not explain a word away: %j is unrecognised', (text) => {
    expect(ingredientsOf(text)).toBe('unrecognised');
  });

  it('offers the known name beside a word that nothing explains', () => {
    expect(resolveMedication('warfarin mystery').candidates.map((one) => one.name)).toContain('warfarin');
  });

  it('never takes a name with one wrong letter for the name', () => {
    const names = [...builtInLexicon().ingredients].filter((name) => /^[a-z]{7,}$/u.test(name)).sort();
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.constantFrom('q', 'x', 'j', 'w'),
        (name, at, letter) => {
          const place = at % name.length;
          const wrong = `${name.slice(0, place)}${letter}${name.slice(place)}`;
          fc.pre(!builtInLexicon().entries.has(wrong));
          const answer = resolveMedication(wrong);
          expect(answer.status).toBe('unrecognised');
          expect(answer.candidates.every((one) => one.score < 1)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('does not care about case, invisible characters or spaces', () => {
    const names = [...builtInLexicon().entries.values()].map((entry) => entry.name).sort();
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), (name, at) => {
        const place = at % (name.length + 1);
        const disguised = ` ${name.slice(0, place)}\u200B${name.slice(place)}\u00A0`.toUpperCase();
        expect(ingredientsOf(disguised)).toBe(ingredientsOf(name));
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    'Visine',
    'Excedrin',
    'NyQuil',
    'Theraflu',
    'Alka-Seltzer Plus caplets',
    'Robitussin syrup',
    'Midol',
  ])('asks about %s, whose products hold different drugs', (family) => {
    const answer = resolveMedication(family);
    expect(answer.status).toBe('unrecognised');
    expect(answer.candidates.length).toBeGreaterThan(1);
  });

  it.each(['Excedrin Migraine', 'Tylenol PM', 'Excedrin PM', 'Claritin-D'])('still knows %s', (product) => {
    expect(resolveMedication(product).status).toBe('resolved');
  });
});

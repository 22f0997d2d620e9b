/**
 * Measures an interaction check: `node test/benchmarks/interactions.bench.ts`. Prints CPU milliseconds; no test depends
 * on them. Objective: 30 medications (435 pairs) in at most 5 ms CPU once names and rules are loaded.
 */
const RUNS = 200;

const medications = [
  'Coumadin 5 mg',
  'Zocor 40 mg tablet',
  'clarithromycin 500 mg',
  'Lisinopril 10 mg',
  'Aldactone',
  'HCTZ 25 mg',
  'ibuprofen 400 mg',
  'Prozac 20 mg capsule',
  'tramadol 50 mg',
  'Xanax 0.5 mg',
  'oxycodone 5 mg',
  'digoxin 0.125 mg',
  'amiodarone 200 mg',
  'metoprolol succinate ER 50 mg',
  'Glucophage 1000 mg',
  'glipizide 5 mg',
  'levothyroxine 75 mcg',
  'calcium carbonate 500 mg',
  'omeprazole 20 mg',
  'clopidogrel 75 mg',
  'aspirin 81 mg',
  'furosemide 40 mg',
  'potassium chloride 20 meq',
  'quetiapine 100 mg',
  'gabapentin 300 mg',
  'ciprofloxacin 500 mg',
  'tizanidine 4 mg',
  'sildenafil 50 mg',
  'nitroglycerin 0.4 mg sublingual tablet',
  'Percocet 5/325',
];

const cpuMs = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
};

const loading = process.cpuUsage();
const { checkInteractions } = await import('#shared/clinical/interactions/index.ts');
const imported = process.cpuUsage(loading);
const first = cpuMs(() => checkInteractions(medications));
for (let run = 0; run < RUNS; run += 1) checkInteractions(medications);
const warm = cpuMs(() => {
  for (let run = 0; run < RUNS; run += 1) checkInteractions(medications);
});
const misspelt = cpuMs(() => {
  for (let run = 0; run < RUNS; run += 1) checkInteractions(['warfrin', 'metropolol']);
});

const result = checkInteractions(medications);
console.log(
  JSON.stringify(
    {
      medications: medications.length,
      pairs_compared: result.counts.pairs_compared,
      findings: result.findings.length,
      import_ms: (imported.user + imported.system) / 1000,
      first_check_with_loading_ms: first,
      check_ms: warm / RUNS,
      two_misspelt_names_ms: misspelt / RUNS,
    },
    null,
    2,
  ),
);

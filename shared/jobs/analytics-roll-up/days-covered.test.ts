import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RollUpBench } from '#test/builders/roll-up-bench.ts';
import { adherence } from '../../clinical/index.ts';
import { DaysCovered } from './days-covered.ts';

/** Days covered, day by day with one tablet a day: what no rule of the code is used for. */
function naive(days: number, fills: readonly { day: number; supply: number }[]) {
  const sorted = fills.toSorted((a, b) => a.day - b.day);
  const first = sorted[0]?.day ?? 0;
  let [tablets, covered] = [0, 0];
  for (let day = first; day < days; day += 1) {
    for (const fill of sorted) if (fill.day === day) tablets += fill.supply;
    if (tablets > 0) [tablets, covered] = [tablets - 1, covered + 1];
  }
  const counts = new Set(sorted.map(({ day }) => day)).size > 1 && days - 1 - first >= 91;
  return { counts, share: covered / (days - first) };
}

const fills = fc.uniqueArray(fc.record({ day: fc.nat(199), supply: fc.integer({ min: 1, max: 120 }) }), {
  minLength: 1,
  maxLength: 9,
  selector: ({ day }) => day,
});
const dateOf = (day: number): string => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);

it('is what a model counts tablet by tablet, and what adherence() says', () => {
  fc.assert(
    fc.property(fc.integer({ min: 92, max: 200 }), fills, (days, all) => {
      const inside = all.filter(({ day }) => day < days).toSorted((a, b) => a.day - b.day);
      fc.pre(inside.length > 0);
      const found = new DaysCovered(days);
      for (const { day, supply } of inside) found.add('t', 'p', day, supply);
      const right = naive(days, inside);
      const [treated] = found.byPerson().people.values();
      expect(treated).toEqual({ counted: right.counts ? 1 : 0, covered: right.counts ? right.share : 0 });
      const clinical = adherence({
        fills: inside.map(({ day, supply }) => ({ ingredient: 'x', date: dateOf(day), days_supply: supply })),
        measurement_period: [dateOf(0), dateOf(days - 1)],
      });
      expect(clinical.in_population).toBe(right.counts);
      expect(clinical.covered_days / clinical.treatment_days).toBe(right.share);
    }),
    { numRuns: 500 },
  );
});

it('of a whole roll-up is that of the model, whoever has how many therapies', async () => {
  const therapies = fc.array(fills, { minLength: 1, maxLength: 3 });
  let shown = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(therapies, { minLength: 3, maxLength: 6 }), async (kinds) => {
      // Twelve people of each kind, so that little is withheld.
      const people = kinds.flatMap((own) => Array.from({ length: 12 }, () => own));
      const bench = new RollUpBench('2026-12-01T00:00:00.000Z');
      for (const [user, own] of people.entries())
        for (const [medication, each] of own.entries())
          for (const { day, supply } of each) bench.fill(`u${user}`, `m${medication}`, dateOf(day), supply);
      const { metrics } = await bench.run({
        time_range: { start: '2026-01-01T00:00:00Z', end: `${dateOf(200)}T00:00:00Z` },
        metrics_types: ['adherence'],
      });
      const means = people.flatMap((own) => {
        const counting = own.map((each) => naive(200, each)).filter(({ counts }) => counts);
        return counting.length > 0
          ? [counting.reduce((sum, { share }) => sum + share, 0) / counting.length]
          : [];
      });
      const told = metrics['adherence'];
      if (told.pdc_mean !== null) shown += 1;
      if (told.people !== null) expect(told.people).toBe(means.length);
      if (told.pdc_mean !== null)
        expect(told.pdc_mean).toBeCloseTo(means.reduce((sum, mean) => sum + mean, 0) / means.length, 6);
      if (told.people_at_least_80 !== null)
        expect(told.people_at_least_80).toBe(means.filter((mean) => mean >= 0.8 - 1e-9).length);
    }),
    { numRuns: 12 },
  );
  // Where nobody counts there is no mean.
  expect(shown).toBeGreaterThan(6);
}, 60_000);

it('holds no more of a therapy with fifty fills than of one with two', () => {
  const bytes = (fillsEach: number): number => {
    const covered = new DaysCovered(365);
    globalThis.gc?.();
    const before = process.memoryUsage().arrayBuffers;
    for (let fill = 0; fill < fillsEach; fill += 1)
      for (let therapy = 0; therapy < 20_000; therapy += 1)
        covered.add(`t${therapy}`, `p${therapy}`, fill * 7, 7);
    const [person] = covered.byPerson().people.values();
    expect(person?.counted).toBe(1);
    return process.memoryUsage().arrayBuffers - before;
  };
  expect(bytes(50)).toBeLessThan(4_000_000);
});

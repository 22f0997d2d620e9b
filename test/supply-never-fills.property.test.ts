import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { SupplyBench } from '#test/builders/supply-bench.ts';

const facts = fc.record(
  {
    dose_units: fc.constantFrom(0.5, 1, 2),
    max_doses_per_day: fc.integer({ min: 1, max: 6 }),
    status: fc.constantFrom('active' as const, 'paused' as const),
  },
  { requiredKeys: [] },
);
const terms = fc.oneof(
  fc.record({ frequency: fc.constantFrom('QD', 'BID', 'TID', 'QID') }),
  fc.record({ frequency: fc.constant('PRN'), max_doses_per_day: fc.integer({ min: 1, max: 6 }) }),
);
const change = fc.oneof(
  terms.map((of) => (bench: SupplyBench) => bench.schedule(of)),
  facts.map((of) => (bench: SupplyBench) => bench.put(of)),
  fc.tuple(facts, terms).map((of) => (bench: SupplyBench) => bench.importLine(...of)),
  fc.constant((bench: SupplyBench) => bench.stop()),
);
const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 * 60 }), change), {
  minLength: 2,
  maxLength: 18,
});

it('whatever is changed, by whom and how often, what is on hand is never more than it was', async () => {
  await fc.assert(
    fc.asyncProperty(facts, steps, async (first, all) => {
      const bench = new SupplyBench('2026-03-01T18:30:00.000Z');
      await bench.put({ ...first, status: 'active' });
      await bench.count(1_000);
      let least = 1_000;
      for (const [minutes, make] of all) {
        bench.now = addSeconds(bench.now, minutes * 60);
        for (const step of [undefined, make]) {
          await step?.(bench);
          const units: unknown = await bench.onHand();
          if (typeof units !== 'number') continue;
          expect(units).toBeLessThanOrEqual(least);
          least = units;
        }
      }
      expect(least).toBeGreaterThan(0);
    }),
    { numRuns: 150, seed: 44 },
  );
}, 60_000);

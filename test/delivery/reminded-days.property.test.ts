import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RemindedYear, stretchesOf } from '#test/builders/reminded-year.ts';
import { ZONES } from '#test/builders/wall-clock-oracle.ts';
import { played } from './reminded-days.ts';
import { nearDays, randomDays, rules, SEED } from './reminded-draws.ts';

// Each rule is submitted as a request; what is told of it goes the whole way: tick, occurrence, delivery, publish.

it.each(ZONES)(
  `%s, without faults: each dose once, within 60 s of its time, never before; none not sent (seed ${SEED})`,
  async (zone) => {
    await fc.assert(
      fc.asyncProperty(rules, randomDays, async (drawn, random) => {
        const year = await RemindedYear.of(drawn, zone);
        for (const stretch of stretchesOf([...nearDays(zone), ...random], zone)) {
          const { broken, late, notSent } = await played(year, drawn, zone, stretch);
          expect({ broken, late, notSent }).toEqual({ broken: [], late: 0, notSent: 0 });
        }
      }),
      { seed: SEED, numRuns: 1, endOnFailure: true },
    );
  },
  180_000,
);

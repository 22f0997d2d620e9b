import fc from 'fast-check';
import { expect, it } from 'vitest';
import { YEAR_END, YEAR_START } from '#test/builders/expansion-oracle.ts';
import { RemindedYear, stretchesOf } from '#test/builders/reminded-year.ts';
import { DAY_MS, ZONES } from '#test/builders/wall-clock-oracle.ts';
import { played } from './reminded-days.ts';
import { rules, SEED } from './reminded-draws.ts';

/** A deployment remembers all that happened in it: the year is played in stretches. */
const STRETCH_DAYS = 28;

it.each(ZONES)(
  `%s, without faults, every day of a year (seed ${SEED})`,
  async (zone) => {
    await fc.assert(
      fc.asyncProperty(rules, async (drawn) => {
        const year = await RemindedYear.of(drawn, zone);
        for (let first = YEAR_START; first < YEAR_END; first += STRETCH_DAYS * DAY_MS) {
          const all = Array.from({ length: STRETCH_DAYS }, (_, day) => first + day * DAY_MS);
          const days = all.filter((day) => day < YEAR_END);
          for (const stretch of stretchesOf(days, zone)) {
            const { broken, late, notSent } = await played(year, drawn, zone, stretch);
            expect({ broken, late, notSent }).toEqual({ broken: [], late: 0, notSent: 0 });
          }
        }
      }),
      { seed: SEED, numRuns: 1, endOnFailure: true },
    );
  },
  3_600_000,
);

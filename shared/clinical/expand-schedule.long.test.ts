import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectedInstants, requestOf, rule, YEAR_END, YEAR_START } from '#test/builders/expansion-oracle.ts';
import { DAY_MS, ZONES } from '#test/builders/wall-clock-oracle.ts';
import { expandSchedule } from './expand-schedule.ts';

const year = Array.from({ length: (YEAR_END - YEAR_START) / DAY_MS }, (_, day) => YEAR_START + day * DAY_MS);

it('each rule in each zone, every day of a year', () => {
  fc.assert(
    fc.property(rule, fc.constantFrom(...ZONES), (one, zone) => {
      const { utc } = expandSchedule(requestOf(one, zone));
      expect(utc.map((instant) => Date.parse(instant))).toEqual(expectedInstants(one, zone, year));
    }),
    { numRuns: 1000, seed: 2027 },
  );
}, 3_600_000);

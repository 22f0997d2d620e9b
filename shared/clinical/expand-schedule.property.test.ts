import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectedInstants, requestOf, rule, YEAR_END, YEAR_START } from '#test/builders/expansion-oracle.ts';
import { DAY_MS, dateText, daysNearTransitions, ZONES } from '#test/builders/wall-clock-oracle.ts';
import { scheduleOfExpansion } from './expansion-request.ts';
import { occurrencesBetween } from './occurrences.ts';

const NEAR_DAYS = 3;
const RANDOM_DAYS = 20;
const near = new Map(ZONES.map((zone) => [zone, daysNearTransitions(zone, YEAR_START, YEAR_END, NEAR_DAYS)]));

const randomDays = fc
  .uniqueArray(fc.integer({ min: 0, max: 364 }), { minLength: RANDOM_DAYS, maxLength: RANDOM_DAYS })
  .map((days) => days.map((day) => YEAR_START + day * DAY_MS));

/** Days that follow each other are looked at together. */
function stretches(days: readonly number[]): number[][] {
  const found: number[][] = [];
  for (const day of [...new Set(days)].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last?.at(-1) === day - DAY_MS) last.push(day);
    else found.push([day]);
  }
  return found;
}

it('zones have the transitions that this test is about', () => {
  const withoutAny = [...near].filter(([, days]) => days.length === 0).map(([zone]) => zone);
  expect(withoutAny).toEqual(['America/Phoenix', 'Asia/Kolkata']);
});

it('each rule in each zone is due at the instants that a second source of zone data names', () => {
  fc.assert(
    fc.property(rule, fc.constantFrom(...ZONES), randomDays, (one, zone, random) => {
      const { schedule } = scheduleOfExpansion(requestOf(one, zone));
      for (const days of stretches([...(near.get(zone) ?? []), ...random])) {
        const [first = 0, last = 0] = [days[0], days.at(-1)];
        const dates = days.map(dateText);
        const found = occurrencesBetween(
          schedule,
          new Date(first - DAY_MS).toISOString(),
          new Date(last + 2 * DAY_MS).toISOString(),
        );
        const due = found.filter(({ localDate }) => dates.includes(localDate));
        expect(due.map(({ dueAt }) => Date.parse(dueAt))).toEqual(expectedInstants(one, zone, days));
      }
    }),
    { numRuns: 1000, seed: 2026 },
  );
}, 180_000);

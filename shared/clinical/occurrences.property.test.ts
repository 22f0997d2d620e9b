import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY_MS, instantOf, MINUTE_MS, offsetAt, ZONES } from '#test/builders/wall-clock-oracle.ts';
import { occurrencesBetween } from './occurrences.ts';

const YEAR = Date.parse('2026-01-01T00:00:00Z');

/** First day of each local date whose noon-to-noon offset changes, and the days around it. */
const transitions = ZONES.map((zone) => {
  const days = Array.from({ length: 730 }, (_, day) => YEAR + day * DAY_MS);
  const changing = days.filter((day) => offsetAt(zone, day) !== offsetAt(zone, day + DAY_MS));
  return { zone, days: changing.flatMap((day) => [-2, -1, 0, 1, 2].map((shift) => day + shift * DAY_MS)) };
});

const randomDay = fc.integer({ min: 0, max: 729 }).map((day) => YEAR + day * DAY_MS);
const zoneAndDay = fc.constantFrom(...transitions).chain(({ zone, days }) =>
  fc.record({
    zone: fc.constant(zone),
    day: days.length > 0 ? fc.oneof(fc.constantFrom(...days), randomDay) : randomDay,
  }),
);
const minuteOfDay = fc.oneof(fc.integer({ min: 0, max: 240 }), fc.integer({ min: 0, max: 1439 }));

it('fires every slot of every day once, at the instant that a second source of zone data names', () => {
  fc.assert(
    fc.property(
      zoneAndDay,
      fc.uniqueArray(minuteOfDay, { minLength: 1, maxLength: 4 }),
      ({ zone, day }, minutes) => {
        const date = new Date(day).toISOString().slice(0, 10);
        const sorted = minutes.toSorted((a, b) => a - b);
        const times = sorted.map((minute) => new Date(minute * MINUTE_MS).toISOString().slice(11, 16));
        const schedule = {
          frequency: 'DAYS',
          weekdays: [1, 2, 3, 4, 5, 6, 7],
          times,
          timeZone: zone,
          startDate: date,
          endDate: date,
        };
        const found = occurrencesBetween(schedule, '2025-12-01T00:00:00Z', '2028-02-01T00:00:00Z');
        const expected = sorted.map((minute) => instantOf(zone, day + minute * MINUTE_MS));
        expect(found.map(({ dueAt }) => Date.parse(dueAt))).toEqual(
          [...new Set(expected)].sort((a, b) => a - b),
        );
        expect(found.flatMap(({ slots }) => slots).sort()).toEqual(times);
      },
    ),
    { numRuns: 1000, seed: 2026 },
  );
});

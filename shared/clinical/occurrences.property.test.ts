import fc from 'fast-check';
import { expect, it } from 'vitest';
import { occurrencesBetween } from './occurrences.ts';

const ZONES = [
  'America/New_York',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Santiago',
  'America/Phoenix',
  'Europe/London',
  'Europe/Berlin',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Antarctica/Troll',
];
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const YEAR = Date.parse('2026-01-01T00:00:00Z');

/** The wall clock of an instant, as if it were UTC, by the platform's own `Intl`: the second opinion of this test. */
const clocks = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' }),
  ]),
);
const wallClockOf = (zone: string, epochMs: number): number =>
  Date.parse(`${clocks.get(zone)?.format(epochMs).replace(', ', 'T')}Z`);
const offsetAt = (zone: string, epochMs: number): number => wallClockOf(zone, epochMs) - epochMs;

/** First day of each local date whose noon-to-noon offset changes, and the days around it. */
const transitions = ZONES.map((zone) => {
  const days = Array.from({ length: 730 }, (_, day) => YEAR + day * DAY_MS);
  const changing = days.filter((day) => offsetAt(zone, day) !== offsetAt(zone, day + DAY_MS));
  return { zone, days: changing.flatMap((day) => [-2, -1, 0, 1, 2].map((shift) => day + shift * DAY_MS)) };
});

/** The earliest instant that shows this wall clock; in a gap, read with the offset that was in force before. */
function expectedInstant(zone: string, local: number): number {
  const before = local - offsetAt(zone, local - DAY_MS);
  const after = local - offsetAt(zone, local + DAY_MS);
  const real = [before, after].filter((instant) => wallClockOf(zone, instant) === local);
  return real.length > 0 ? Math.min(...real) : before;
}

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
        const expected = sorted.map((minute) => expectedInstant(zone, day + minute * MINUTE_MS));
        expect(found.map(({ dueAt }) => Date.parse(dueAt))).toEqual(
          [...new Set(expected)].sort((a, b) => a - b),
        );
        expect(found.flatMap(({ slots }) => slots).sort()).toEqual(times);
      },
    ),
    { numRuns: 1000, seed: 2026 },
  );
});

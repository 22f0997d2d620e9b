import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { dosesDue } from '#shared/clinical/doses-due.ts';
import { nextOccurrences } from '#shared/clinical/index.ts';
import type { Schedule } from '#shared/clinical/schedule.ts';
import { firstUncoveredOn } from '#shared/clinical/scheduled-supply.ts';
import { readAt } from '#shared/clinical/stays.ts';

const ZONES = [
  'America/New_York',
  'Asia/Tokyo',
  'Europe/Berlin',
  'Pacific/Auckland',
  'Pacific/Honolulu',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
];
const START = '2027-02-25';
const BEGIN = Date.parse('2027-03-01T00:00Z');
const instant = fc
  .integer({ min: 0, max: 40 * 1440 })
  .map((minute) => new Date(BEGIN + minute * 60_000).toISOString());
const clock = fc
  .integer({ min: 0, max: 1439 })
  .map((minute) => Temporal.PlainTime.from('00:00').add({ minutes: minute }).toString().slice(0, 5));
const zone = fc.constantFrom(...ZONES);
const pattern = fc.oneof(
  fc.uniqueArray(clock, { minLength: 1, maxLength: 4 }).map((times) => ({
    frequency: ['QD', 'BID', 'TID', 'QID'][times.length - 1] ?? 'QD',
    times: times.toSorted(),
  })),
  clock.map((time) => ({ frequency: 'QOD', times: [time] })),
  clock.map((time) => ({ frequency: 'DAYS', times: [time], weekdays: [1, 4] })),
);
const travelled: fc.Arbitrary<Schedule> = fc
  .record({
    pattern,
    home: zone,
    stays: fc.uniqueArray(fc.record({ since: instant, timeZone: zone }), {
      maxLength: 4,
      selector: ({ since }) => since,
    }),
    days: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined }),
  })
  .map(({ pattern: of, home, stays, days }) => ({
    ...of,
    timeZone: home,
    startDate: START,
    stays: stays.toSorted((a, b) => (a.since < b.since ? -1 : 1)),
    ...(days !== undefined && { endDate: Temporal.PlainDate.from(START).add({ days }).toString() }),
  }));

/** Each dose by itself, later than that instant. */
const walk = (schedule: Schedule, after: string, count: number) =>
  nextOccurrences(schedule, new Date(Date.parse(after) + 1).toISOString(), count).flatMap((one) =>
    one.slots.map(() => one),
  );
const NUMBER = { numRuns: Number(process.env['SUPPLY_WALK_RUNS'] ?? 100) };

it('a supply runs out on the date of the first dose without units, wherever its user is', () => {
  const most = 60;
  fc.assert(
    fc.property(travelled, fc.integer({ min: 0, max: most }), instant, (schedule, supplyUnits, at) => {
      const present = readAt(schedule, at);
      const doses = walk(present, at, most + 1);
      expect(firstUncoveredOn(present, { supplyUnits, unitsPerDose: 1, at })).toBe(
        doses[supplyUnits]?.localDate ?? null,
      );
    }),
    NUMBER,
  );
}, 60_000);

it('doses due are those that a walk from stay to stay meets', () => {
  fc.assert(
    fc.property(travelled, instant, instant, (schedule, one, other) => {
      const [from = one, to = other] = [one, other].toSorted();
      const met = walk(schedule, from, 200).filter(({ dueAt }) => dueAt <= to);
      expect(dosesDue(schedule, from, to)).toBe(met.length);
    }),
    NUMBER,
  );
}, 60_000);

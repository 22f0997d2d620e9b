import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import { DeliveryPlay } from '#test/builders/delivery-case.ts';
import { brokenPromises } from './broken-promises.ts';

/** Zones, each with a date in whose night the clock changes, or does not. */
const PLACES = [
  ['America/New_York', '2027-03-13'],
  ['America/New_York', '2027-11-06'],
  ['Europe/Berlin', '2027-03-27'],
  ['Europe/Berlin', '2027-10-30'],
  ['Australia/Lord_Howe', '2027-10-02'],
  ['Australia/Lord_Howe', '2027-04-03'],
  ['America/St_Johns', '2027-11-06'],
  ['Asia/Kolkata', '2027-03-13'],
] as const;

const clock = fc
  .integer({ min: 0, max: 1439 })
  .map((minute) => Temporal.PlainTime.from('00:00').add({ minutes: minute }).toString().slice(0, 5));

interface Quiet {
  readonly from: string;
  readonly to: string;
}

/** By looking at the clock on the wall, minute by minute: nothing here knows how the code finds the end. */
function firstLoudMinute(at: Instant, zone: string, { from, to }: Quiet): Instant {
  const wall = (now: Instant) =>
    Temporal.Instant.from(now).toZonedDateTimeISO(zone).toPlainTime().toString().slice(0, 5);
  const isQuiet = (time: string) => (from < to ? time >= from && time < to : time >= from || time < to);
  let now = at;
  while (isQuiet(wall(now))) now = addSeconds(now, 60);
  return now;
}

it('whatever the quiet hours, doses leave on time and follow-ups in the first minute that is not quiet, or never', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...PLACES),
      fc.record({ from: clock, to: clock }).filter(({ from, to }) => from !== to),
      clock,
      fc.record({ count: fc.integer({ min: 1, max: 3 }), every_minutes: fc.integer({ min: 5, max: 30 }) }),
      fc.integer({ min: 91, max: 720 }),
      async ([zone, date], quiet, time, follow_up, late_window_minutes) => {
        const next = Temporal.PlainDate.from(date).add({ days: 1 });
        const play = new DeliveryPlay({
          zone,
          begin: `${date}T00:00`,
          end: `${next.add({ days: 1 })}T13:00`,
          preferences: { time_zone: zone, quiet_hours: { ...quiet } },
          schedule: {
            frequency: 'QD',
            times: [time],
            start_date: date,
            end_date: `${next}`,
            follow_up,
            late_window_minutes,
          },
        });
        play.world.passesOverIdleMinutes = true;
        await play.run();
        const { left } = play.world;
        expect(brokenPromises(left)).toEqual([]);
        const doses = left.filter(({ type }) => type === 'reminder.due');
        expect(doses.length).toBeGreaterThan(0);
        for (const dose of doses) {
          expect(dose.at).toBe(dose.due_at);
          const expected: Instant[] = [];
          for (let at = dose.at; expected.length < follow_up.count; ) {
            at = firstLoudMinute(addSeconds(at, follow_up.every_minutes * 60), zone, quiet);
            if (at >= dose.expires_at) break;
            expected.push(at);
          }
          const after = left.filter(
            ({ type, due_at }) => type === 'reminder.follow_up' && due_at === dose.due_at,
          );
          expect(after.map(({ at }) => at)).toEqual(expected);
        }
      },
    ),
    { numRuns: Number(process.env['QUIET_HOURS_RUNS'] ?? 20) },
  );
}, 300_000);

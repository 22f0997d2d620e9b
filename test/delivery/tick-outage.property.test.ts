import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RemindedYear, type Stretch, stretchesOf } from '#test/builders/reminded-year.ts';
import { DAY_MS, dayOf, HOUR_MS, MINUTE_MS, ZONES } from '#test/builders/wall-clock-oracle.ts';
import { type Outage, played } from './reminded-days.ts';
import { nearDays, SEED, someRules } from './reminded-draws.ts';

// The hours after midnight are those in which clocks change.
const hour = fc.oneof(fc.integer({ min: 0, max: 4 * 60 }), fc.integer({ min: 0, max: 23 * 60 - 1 }));

/** One hour of each day. */
const outagesIn = ({ from, days }: Stretch, hours: Iterator<number>): Outage[] =>
  days.map((_, day) => {
    const begin = Date.parse(from) + day * DAY_MS + Number(hours.next().value) * MINUTE_MS;
    return { from: begin, until: begin + HOUR_MS };
  });

it.each(ZONES)(
  `%s, an hour of each day without the tick: late or not sent, none twice, none after its window (seed ${SEED})`,
  async (zone) => {
    // Zones whose clocks never change have days like any others.
    const near = nearDays(zone);
    const days = near.length > 0 ? near : [dayOf('2026-03-08'), dayOf('2026-03-09'), dayOf('2026-03-10')];
    let delayed = 0;
    await fc.assert(
      fc.asyncProperty(someRules, fc.infiniteStream(hour), async (drawn, hours) => {
        const year = await RemindedYear.of(drawn, zone);
        for (const stretch of stretchesOf(days, zone)) {
          const { broken, late, notSent } = await played(
            year,
            drawn,
            zone,
            stretch,
            outagesIn(stretch, hours),
          );
          expect(broken).toEqual([]);
          delayed += late + notSent;
        }
      }),
      { seed: SEED, numRuns: 1, endOnFailure: true },
    );
    // An outage that nobody notices proves nothing.
    expect(delayed).toBeGreaterThan(0);
  },
  180_000,
);

import { Temporal } from 'temporal-polyfill';
import { occurrencesFrom } from './occurrences.ts';
import type { Schedule } from './schedule.ts';

/** Enough to see every distance of a pattern: two days of hourly doses, weeks of any list of weekdays … */
const LOOKED_AT = 60;
/** … and two of the longest cycles, whose pauses are walked day by day. */
const LOOKED_DAYS = 800;
const HOUR_MS = 3_600_000;

/**
 * The shortest nominal distance between two doses of a schedule, in hours: as it repeats, without changes of the
 * clock, so that 08:00 to 08:00 is always 24. `null` when it has a single dose, or no due times at all.
 */
export function shortestIntervalHours(schedule: Schedule): number | null {
  if (schedule.intervalHours !== undefined) return schedule.intervalHours;
  const { zoneSegments: _segments, stays: _stays, ...atHome } = schedule;
  const start = Temporal.PlainDate.from(schedule.startDate).toZonedDateTime('UTC').epochMilliseconds;
  let before: number | undefined;
  let shortest: number | null = null;
  let seen = 0;
  for (const { dueAt } of occurrencesFrom(
    { ...atHome, timeZone: 'UTC' },
    `${schedule.startDate}T00:00:00Z`,
  )) {
    const due = Temporal.Instant.from(dueAt).epochMilliseconds;
    if (before !== undefined) shortest = Math.min(shortest ?? Infinity, (due - before) / HOUR_MS);
    before = due;
    seen += 1;
    if (seen === LOOKED_AT || (shortest !== null && due - start > LOOKED_DAYS * 24 * HOUR_MS)) break;
  }
  return shortest;
}

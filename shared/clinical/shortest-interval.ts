import { Temporal } from 'temporal-polyfill';
import { dueDates } from './due-dates.ts';
import type { Schedule } from './schedule.ts';

/** Enough to see every distance of a pattern: two days of hourly doses, weeks of any list of weekdays … */
const LOOKED_AT = 60;
/** … and two of the longest cycles, whose pauses are walked day by day. */
const LOOKED_DAYS = 800;
const HOUR_MS = 3_600_000;

/**
 * The shortest nominal distance between two doses of a schedule, in hours: as it repeats, without changes of the
 * clock, so that 08:00 to 08:00 is always 24. `null` when it has a single dose, or no due times at all. Dates and clock times
 * say it, no zone is needed: this is asked of every schedule that comes in, several times.
 */
export function shortestIntervalHours(schedule: Schedule): number | null {
  if (schedule.intervalHours !== undefined) return schedule.intervalHours;
  if (schedule.frequency === 'PRN' || schedule.times.length === 0) return null;
  const times = schedule.times.map((time) => Temporal.PlainTime.from(time)).sort(Temporal.PlainTime.compare);
  const start = Temporal.PlainDate.from(schedule.startDate);
  const end = midnightMs(start) + LOOKED_DAYS * 24 * HOUR_MS;
  let before: number | undefined;
  let shortest: number | null = null;
  let seen = 0;
  for (const date of dueDates(schedule, start))
    for (const time of times) {
      const due = midnightMs(date) + (time.hour * 60 + time.minute) * 60_000;
      if (due === before) continue;
      if (before !== undefined) shortest = Math.min(shortest ?? Infinity, (due - before) / HOUR_MS);
      before = due;
      seen += 1;
      if (seen === LOOKED_AT || (shortest !== null && due > end)) return shortest;
    }
  return shortest;
}

const midnightMs = ({ day, month, year }: Temporal.PlainDate): number => Date.UTC(year, month - 1, day);

/** A second opinion on wall clocks: the platform's own `Intl`, and arithmetic on milliseconds. */

export const ZONES = [
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
] as const;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const clocks = new Map(
  ZONES.map((timeZone) => [
    timeZone as string,
    new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' }),
  ]),
);

/** The wall clock of an instant, as if it were UTC. */
export const wallClockOf = (zone: string, epochMs: number): number =>
  Date.parse(`${clocks.get(zone)?.format(epochMs).replace(', ', 'T')}Z`);

export const offsetAt = (zone: string, epochMs: number): number => wallClockOf(zone, epochMs) - epochMs;

/** The earliest instant that shows this wall clock; in a gap, read with the offset that was in force before. */
export function instantOf(zone: string, local: number): number {
  const before = local - offsetAt(zone, local - DAY_MS);
  const after = local - offsetAt(zone, local + DAY_MS);
  const real = [before, after].filter((instant) => wallClockOf(zone, instant) === local);
  return real.length > 0 ? Math.min(...real) : before;
}

/** The days, as midnights in UTC, within `around` days of a change of the clock between `from` and `until`. */
export function daysNearTransitions(zone: string, from: number, until: number, around: number): number[] {
  const near = new Set<number>();
  for (let day = from; day < until; day += DAY_MS) {
    if (offsetAt(zone, day) === offsetAt(zone, day + DAY_MS)) continue;
    for (let shift = -around; shift <= around; shift += 1) near.add(day + shift * DAY_MS);
  }
  return [...near].filter((day) => day >= from && day < until);
}

export const dateText = (day: number): string => new Date(day).toISOString().slice(0, 10);
export const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);

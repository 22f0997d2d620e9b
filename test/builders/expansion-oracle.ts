import fc from 'fast-check';
import type { ExpansionRequest } from '#shared/clinical/index.ts';
import { DAY_MS, dateText, dayOf, HOUR_MS, instantOf, MINUTE_MS, offsetAt } from './wall-clock-oracle.ts';

/** The year that is looked at; schedules begin in its first weeks. */
export const YEAR_START = dayOf('2026-01-01');
export const YEAR_END = dayOf('2027-01-01');

/** A rule of every kind, without its zone. Times fall into the hours of transitions more often than not. */
export interface Rule {
  readonly frequency: string;
  readonly times: readonly string[];
  readonly start_date: string;
  readonly by_day?: readonly string[];
  readonly month_rule?: 'clamp' | 'skip';
  readonly anchor_local?: string;
}

const clockTime = (minute: number): string => new Date(minute * MINUTE_MS).toISOString().slice(11, 16);
const minuteOfDay = fc.oneof(fc.integer({ min: 0, max: 240 }), fc.integer({ min: 0, max: 1439 }));
const times = (count: number): fc.Arbitrary<string[]> =>
  fc
    .uniqueArray(minuteOfDay, { minLength: count, maxLength: count })
    .map((minutes) => minutes.toSorted((a, b) => a - b).map(clockTime));
const start = fc.integer({ min: 0, max: 30 }).map((day) => dateText(YEAR_START + day * DAY_MS));

const daily = fc.constantFrom(['QD', 1], ['BID', 2], ['TID', 3], ['QID', 4]).chain(([frequency, count]) =>
  fc.record({
    frequency: fc.constant(String(frequency)),
    times: times(Number(count)),
    start_date: start,
  }),
);
const once = { times: times(1), start_date: start };
const stepped = fc.record({
  frequency: fc.integer({ min: 1, max: 60 }).chain((n) => fc.constantFrom(`Q${n}D`, `Q${Math.ceil(n / 7)}W`)),
  ...once,
});
const monthly = fc.record({
  frequency: fc.integer({ min: 1, max: 6 }).map((n) => `Q${n}MO`),
  ...once,
  month_rule: fc.constantFrom('clamp' as const, 'skip' as const),
});
const onDays = fc.record({
  frequency: fc.constantFrom('DAYS', 'WK'),
  ...once,
  by_day: fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { minLength: 1 }),
});
const weekdays = fc.record({ frequency: fc.constant('WEEKDAYS'), ...once });
const cycle = fc.record({
  frequency: fc
    .tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 1, max: 28 }))
    .map(([on, off]) => `${on} on ${off} off`),
  ...once,
});
const elapsed = fc
  .record({ hours: fc.integer({ min: 1, max: 168 }), start_date: start, minute: minuteOfDay })
  .map(({ hours, start_date, minute }) => ({
    frequency: `Q${hours}H`,
    times: [],
    start_date,
    anchor_local: `${start_date}T${clockTime(minute)}`,
  }));

export const rule: fc.Arbitrary<Rule> = fc.oneof(daily, stepped, monthly, onDays, weekdays, cycle, elapsed);

export const requestOf = (one: Rule, time_zone: string): ExpansionRequest => ({
  ...one,
  time_zone,
  end_date: dateText(YEAR_END - DAY_MS),
});

/** Whether a rule has doses on a date, by its definition and nothing else. */
function isDue(one: Rule, day: number): boolean {
  const first = dayOf(one.start_date);
  const days = (day - first) / DAY_MS;
  if (days < 0) return false;
  const isoDay = new Date(day).getUTCDay() || 7;
  const name = ['', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][isoDay] ?? '';
  if (one.by_day) return one.by_day.includes(name);
  if (one.frequency === 'WEEKDAYS') return isoDay <= 5;
  const [, on, off] = /^(\d+) on (\d+) off$/.exec(one.frequency) ?? [];
  if (on && off) return days % (Number(on) + Number(off)) < Number(on);
  const [, digits, unit] = /^Q(\d+)(D|W|MO)$/.exec(one.frequency) ?? [];
  const n = Number(digits ?? 1);
  if (unit === 'D') return days % n === 0;
  if (unit === 'W') return days % (7 * n) === 0;
  return unit === 'MO' ? isMonthly(first, day, n, one.month_rule) : true;
}

function isMonthly(first: number, day: number, months: number, monthRule: string | undefined): boolean {
  const from = new Date(first);
  const date = new Date(day);
  const apart =
    (date.getUTCFullYear() - from.getUTCFullYear()) * 12 + date.getUTCMonth() - from.getUTCMonth();
  if (apart % months !== 0) return false;
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const wanted = monthRule === 'skip' ? from.getUTCDate() : Math.min(from.getUTCDate(), last);
  return date.getUTCDate() === wanted;
}

/** The instants of a rule on the given local days, ascending, each once. */
export function expectedInstants(one: Rule, zone: string, days: readonly number[]): number[] {
  const all = one.anchor_local
    ? elapsedInstants(one, zone, days)
    : days
        .filter((day) => isDue(one, day))
        .flatMap((day) =>
          one.times.map((time) => instantOf(zone, dayOf(dateText(day)) + minutesOf(time) * MINUTE_MS)),
        );
  return [...new Set(all)].sort((a, b) => a - b);
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function elapsedInstants(one: Rule, zone: string, days: readonly number[]): number[] {
  const anchor = instantOf(zone, Date.parse(`${one.anchor_local}:00Z`));
  const step = Number(/\d+/.exec(one.frequency)?.[0]) * HOUR_MS;
  return days.flatMap((day) => {
    const found: number[] = [];
    const k = Math.max(0, Math.floor((day - DAY_MS - anchor) / step));
    for (let due = anchor + k * step; due < day + 2 * DAY_MS; due += step) {
      if (dateText(due + offsetAt(zone, due)) === dateText(day)) found.push(due);
    }
    return found;
  });
}

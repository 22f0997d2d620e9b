import { Temporal } from 'temporal-polyfill';
import { type Frequency, frequencyOfCode } from './frequency.ts';
import type { Schedule } from './schedule.ts';
import { LAST_YEAR } from './supported-dates.ts';

/**
 * The local dates on which a wall-clock schedule has doses, ascending, from `from` on. Dates are counted by the
 * calendar and never by hours. Ends with the schedule's end date; otherwise endless, so take what you need.
 * @throws RangeError when the schedule's frequency is no canonical code
 */
export function* dueDates(schedule: Schedule, from: Temporal.PlainDate): Generator<Temporal.PlainDate> {
  const frequency = frequencyOfCode(schedule.frequency);
  if (!frequency) throw new RangeError('The schedule has a frequency that is no canonical code.');
  const start = Temporal.PlainDate.from(schedule.startDate);
  const last = Temporal.PlainDate.from(schedule.endDate ?? `${LAST_YEAR}-12-31`);
  for (const date of endless(schedule, frequency, start, later(start, from))) {
    if (Temporal.PlainDate.compare(date, last) > 0) return;
    yield date;
  }
}

/** Whether other dates would be due if the schedule had begun a day earlier, besides that day itself. */
export function countsFromStart({ cycle, frequency, weekdays }: Schedule): boolean {
  const { period, periodUnit } = frequencyOfCode(frequency)?.repeat ?? { period: 0, periodUnit: 'd' };
  if (cycle) return true;
  if (weekdays?.length) return periodUnit === 'wk' && period > 1;
  return periodUnit !== 'h' && !(periodUnit === 'd' && period === 1);
}

const later = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate =>
  Temporal.PlainDate.compare(a, b) >= 0 ? a : b;

function endless(
  schedule: Schedule,
  { code, repeat }: Frequency,
  start: Temporal.PlainDate,
  from: Temporal.PlainDate,
): Generator<Temporal.PlainDate> {
  const { cycle } = schedule;
  if (cycle)
    return filtered(from, (date) => daysFrom(start, date) % (cycle.daysOn + cycle.daysOff) < cycle.daysOn);
  const weekdays = code === 'WEEKDAYS' ? [1, 2, 3, 4, 5] : schedule.weekdays;
  if (weekdays?.length) {
    const weeks = repeat.periodUnit === 'wk' ? repeat.period : 1;
    return filtered(
      from,
      (date) => weekdays.includes(date.dayOfWeek) && weeksFrom(start, date) % weeks === 0,
    );
  }
  if (repeat.periodUnit === 'mo') return monthly(start, from, repeat.period, schedule.monthRule ?? 'clamp');
  // An hourly code with clock times is due at these times on every day.
  const step = repeat.periodUnit === 'h' ? 1 : repeat.period * (repeat.periodUnit === 'wk' ? 7 : 1);
  return stepped(start, from, step);
}

const daysFrom = (start: Temporal.PlainDate, date: Temporal.PlainDate): number =>
  start.until(date, { largestUnit: 'day' }).days;

const mondayOf = (date: Temporal.PlainDate): Temporal.PlainDate =>
  date.subtract({ days: date.dayOfWeek - 1 });

/** Weeks begin on Monday (RFC 5545 section 3.3.10: WKST defaults to MO); the start date lies in week 0. */
const weeksFrom = (start: Temporal.PlainDate, date: Temporal.PlainDate): number =>
  daysFrom(mondayOf(start), mondayOf(date)) / 7;

function* filtered(from: Temporal.PlainDate, isDue: (date: Temporal.PlainDate) => boolean) {
  for (let date = from; date.year <= LAST_YEAR; date = date.add({ days: 1 })) if (isDue(date)) yield date;
}

function* stepped(start: Temporal.PlainDate, from: Temporal.PlainDate, step: number) {
  const first = start.add({ days: Math.ceil(daysFrom(start, from) / step) * step });
  for (let date = first; date.year <= LAST_YEAR; date = date.add({ days: step })) yield date;
}

function* monthly(
  start: Temporal.PlainDate,
  from: Temporal.PlainDate,
  months: number,
  rule: 'clamp' | 'skip',
) {
  const whole = start.until(from, { largestUnit: 'month' }).months;
  for (let n = Math.floor(whole / months) * months; ; n += months) {
    // Counted from the start each time: a clamped February must not pull the following months to the 28th.
    const date = start.add({ months: n });
    if (date.year > LAST_YEAR) return;
    if (rule === 'skip' && date.day !== start.day) continue;
    if (Temporal.PlainDate.compare(date, from) >= 0) yield date;
  }
}

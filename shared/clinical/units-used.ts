import { isLess, lessAtLeastZero, plus, type Ratio, ratio, times } from './decimal.ts';
import { dosesDue } from './doses-due.ts';
import type { DoseUse, UseStretch } from './earlier-use.ts';
import type { Schedule } from './schedule.ts';
import type { SupplyFacts } from './supply-reach.ts';

const DAY_MS = 86_400_000;

/** A time whose first instant is no part of it and whose last one is. */
export interface CountingTime {
  readonly after: string;
  readonly until: string;
}

/** Doses that a person said were skipped. */
export interface SkippedDoses {
  readonly dueAt: string;
  readonly doses: number;
}

type DoseTerms = Pick<SupplyFacts, 'doseUnits' | 'maxDosesPerDay'>;
/** A way of use; one that goes on has no end. */
type Use = DoseUse & Partial<Pick<UseStretch, 'since' | 'until'>>;

/** What of a time lies in a stretch. */
export function within({ after, until }: CountingTime, stretch: Use): CountingTime {
  const begin = stretch.since === undefined ? after : laterOf(after, justBefore(stretch.since));
  const end = stretch.until === undefined ? until : earlierOf(until, justBefore(stretch.until));
  return { after: begin, until: end };
}

/** Where a dose's units were not known at its time, what was stated since, and never less than the one that was assumed. */
export const unitsOfOneDose = (use: DoseTerms, facts: DoseTerms): number =>
  use.doseUnits ?? Math.max(1, facts.doseUnits ?? 1);

/**
 * Units used in a time by ways of use in order, each in that part of it in which it held, without skipped doses. As needed:
 * the most of a day, on each day of 24 hours that has begun; of several on one day the largest. `undefined`: nobody knows
 * how many.
 */
export function unitsUsed(
  uses: readonly Use[],
  facts: DoseTerms,
  time: CountingTime,
  skippedDoses: readonly SkippedDoses[] = [],
): { readonly units: Ratio; readonly skipped: number } | undefined {
  let units = ratio(0);
  let skipped = 0;
  let days: AsNeededDays | undefined;
  for (const use of uses) {
    const own = within(time, use);
    if (Date.parse(own.until) <= Date.parse(own.after)) continue;
    const perDose = ratio(unitsOfOneDose(use, facts));
    if (use.schedule) {
      const among = skippedOf(use.schedule, skippedDoses, own);
      const doses = dosesDue(use.schedule, own.after, own.until) - among;
      units = plus(units, times(ratio(doses), perDose));
      skipped += among;
      continue;
    }
    const most = use.maxDosesPerDay ?? facts.maxDosesPerDay;
    if (most === undefined) return undefined;
    days = daysAsNeeded(days, use, time, times(ratio(most), perDose));
    units = plus(units, days.units);
  }
  return { units, skipped };
}

/** Days of use as needed, counted from where such use began, also through changes of it. */
interface AsNeededDays {
  readonly begin: number;
  readonly until: string | undefined;
  readonly lastDay: number;
  readonly ofLastDay: Ratio;
  /** What the last way of use adds. */
  readonly units: Ratio;
}

function daysAsNeeded(
  before: AsNeededDays | undefined,
  use: Use,
  time: CountingTime,
  ofDay: Ratio,
): AsNeededDays {
  const from = Date.parse(laterOf(time.after, use.since ?? time.after));
  const goesOn = before !== undefined && use.since !== undefined && before.until === use.since;
  const begin = goesOn ? before.begin : from;
  const firstDay = Math.floor((from - begin) / DAY_MS);
  const lastDay = Math.ceil((Date.parse(within(time, use).until) - begin) / DAY_MS) - 1;
  const whole = (days: number) => times(ratio(Math.max(0, days)), ofDay);
  if (!goesOn || firstDay > before.lastDay)
    return { begin, until: use.until, lastDay, ofLastDay: ofDay, units: whole(lastDay - firstDay + 1) };
  // The day of the change is begun already: only what is more than that is added.
  const more = lessAtLeastZero(ofDay, before.ofLastDay);
  const largest = isLess(before.ofLastDay, ofDay) ? ofDay : before.ofLastDay;
  return {
    begin,
    until: use.until,
    lastDay: Math.max(lastDay, before.lastDay),
    ofLastDay: lastDay > before.lastDay ? ofDay : largest,
    units: plus(more, whole(lastDay - before.lastDay)),
  };
}

/** Doses skipped in that time. */
export const skippedIn = (skipped: readonly SkippedDoses[], { after, until }: CountingTime): number =>
  skipped.filter(({ dueAt }) => dueAt > after && dueAt <= until).reduce((sum, { doses }) => sum + doses, 0);

/**
 * Doses of a schedule skipped in that time. One that was skipped ahead, and is not due by this schedule any more, spares none
 * of its doses.
 */
function skippedOf(schedule: Schedule, skipped: readonly SkippedDoses[], time: CountingTime): number {
  const instants = new Set(skipped.map(({ dueAt }) => dueAt));
  return [...instants].reduce((sum, dueAt) => {
    const among = skippedIn(
      skipped.filter((one) => one.dueAt === dueAt),
      time,
    );
    return sum + (among === 0 ? 0 : Math.min(among, dosesDue(schedule, justBefore(dueAt), dueAt)));
  }, 0);
}

const justBefore = (instant: string): string => new Date(Date.parse(instant) - 1).toISOString();
const laterOf = (a: string, b: string): string => (Date.parse(a) > Date.parse(b) ? a : b);
const earlierOf = (a: string, b: string): string => (Date.parse(a) < Date.parse(b) ? a : b);

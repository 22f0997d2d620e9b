import { dosesDue } from './doses-due.ts';
import type { DoseUse, UseStretch } from './earlier-use.ts';
import type { SupplyFacts } from './supply-reach.ts';

const DAY_MS = 86_400_000;

/** A time whose first instant is no part of it and whose last one is. */
export interface CountingTime {
  readonly after: string;
  readonly until: string;
}

/** What of a time lies in a stretch; one that goes on has no end. */
export function within(
  { after, until }: CountingTime,
  stretch: Partial<Pick<UseStretch, 'since' | 'until'>>,
): CountingTime {
  const begin = stretch.since === undefined ? after : laterOf(after, justBefore(stretch.since));
  const end = stretch.until === undefined ? until : earlierOf(until, justBefore(stretch.until));
  return { after: begin, until: end };
}

/**
 * Doses of one way of use in that part of a time in which it held. As needed: the most of a day, on each day of 24 hours
 * that has begun. `undefined`: nobody knows how many.
 */
export function dosesUsed(
  use: DoseUse & Partial<Pick<UseStretch, 'since' | 'until'>>,
  facts: Pick<SupplyFacts, 'maxDosesPerDay'>,
  time: CountingTime,
): number | undefined {
  const { after, until } = within(time, use);
  if (Date.parse(until) <= Date.parse(after)) return 0;
  if (use.schedule) return dosesDue(use.schedule, after, until);
  const most = use.maxDosesPerDay ?? facts.maxDosesPerDay;
  const begin = laterOf(time.after, use.since ?? time.after);
  const days = Math.ceil((Date.parse(until) - Date.parse(begin)) / DAY_MS);
  return most === undefined ? undefined : most * days;
}

const justBefore = (instant: string): string => new Date(Date.parse(instant) - 1).toISOString();
const laterOf = (a: string, b: string): string => (Date.parse(a) > Date.parse(b) ? a : b);
const earlierOf = (a: string, b: string): string => (Date.parse(a) < Date.parse(b) ? a : b);

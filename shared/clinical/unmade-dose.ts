import { Temporal } from 'temporal-polyfill';
import { type AdvanceInput, advanceSchedule, LONGEST_LATE_WINDOW_SECONDS } from './advance-schedule.ts';
import type { DueOccurrence } from './due-occurrence.ts';
import { calendarDate } from './supported-dates.ts';

/** A dose that has no record yet, as a tick would find it at that moment. */
export interface UnmadeDose {
  readonly dose: DueOccurrence;
  /** Its window is over: it can only be recorded as not sent. */
  readonly isTooLate: boolean;
}

const DAY_MS = 86_400_000;

/**
 * The dose of that id, if its schedule has not made it yet and a person may answer it all the same: every one that is due,
 * however many of a tick that is behind lie before it; of those ahead the very next, and no earlier before its time than it
 * may be told after it, because a slip of the pen must not silence a dose of another day. Pure.
 *
 * Only the days around the date in the id are looked at, so the work is the same however long no tick came.
 */
export function unmadeDose(
  id: string,
  { schedule, medicationRef, nextDueAt, now }: Omit<AdvanceInput, 'horizonSeconds' | 'limit'>,
): UnmadeDose | undefined {
  const date = calendarDate(id.slice(0, 10));
  if (!date || nextDueAt === null) return undefined;
  const [midnight, nowMs] = [date.toZonedDateTime('UTC').epochMilliseconds, msOf(now)];
  // From now at the latest, so that the first one ahead is seen to be the next.
  const from = Math.max(msOf(nextDueAt), Math.min(nowMs, midnight - DAY_MS));
  const until = Math.min(midnight + 2 * DAY_MS, nowMs + LONGEST_LATE_WINDOW_SECONDS * 1000);
  if (from > until) return undefined;
  const { due, notSent } = advanceSchedule({
    schedule,
    medicationRef,
    nextDueAt: Temporal.Instant.fromEpochMilliseconds(from).toString(),
    now,
    horizonSeconds: (until - nowMs) / 1000,
    limit: Infinity,
  });
  const late = notSent.find((dose) => dose.id === id);
  if (late) return { dose: late, isTooLate: true };
  const dose = due.find((one) => one.id === id);
  return dose && mayBeAnswered(dose, due, nowMs) ? { dose, isTooLate: false } : undefined;
}

function mayBeAnswered(dose: DueOccurrence, due: readonly DueOccurrence[], nowMs: number): boolean {
  const dueMs = msOf(dose.dueAt);
  if (dueMs <= nowMs) return true;
  const next = due.find(({ dueAt }) => msOf(dueAt) > nowMs);
  return dose === next && dueMs - nowMs <= msOf(dose.expiresAt) - dueMs;
}

const msOf = (instant: string): number => Temporal.Instant.from(instant).epochMilliseconds;

import { advanceSchedule, firstDueAt, type RemindedSchedule } from './advance-schedule.ts';
import { countsFromStart } from './due-dates.ts';
import { occurrenceId } from './due-occurrence.ts';
import { dateAt } from './local-day.ts';
import { occurrencesBetween } from './occurrences.ts';
import type { Occurrence, Schedule, Stay } from './schedule.ts';
import { countsAsTold, isOpenDose, type StandingDose, spacing, spacingHours } from './spacing.ts';
import { presentZone, stretchesOf, withStay } from './stays.ts';

const HOUR_MS = 3_600_000;
/** Zones differ by up to 26 hours, so a clock time moves by no more than that when the zone changes. */
const LARGEST_SHIFT_HOURS = 26;
const LONGEST_WINDOW_HOURS = 12;

export interface ZoneChange {
  readonly zones: Required<Pick<Schedule, 'timeZone' | 'stays' | 'startDate'>>;
  /** The first instant of the new stay, now or somewhat earlier: see `changeZone`. */
  readonly since: string;
}

/** A schedule, and whether it begins with its acceptance because nobody named a start date. */
type StartedSchedule = RemindedSchedule & { readonly startDateSource?: 'default' };

/**
 * Has a schedule read in another zone from now on. Clock times stay as they are, so each dose moves by the difference of
 * the zones. One that was still ahead by the clock before and has passed by the new one would be lost between the two: if
 * its window is open and nothing was told near it or is due to be, the stay begins with it, and it is told at once. A dose
 * that is due already stays what it is, what was due before the schedule was accepted is owed by no clock, and one that an
 * earlier change has dropped is told when its clock holds again. A schedule for which nobody named a start date begins
 * on the day of its acceptance by the new clock, if that is an earlier date: a wrong clock must not cost the first day.
 * @param standing what stands of its doses within `replacementReach` of now
 */
export function changeZone(
  before: StartedSchedule,
  timeZone: string,
  {
    acceptedAt,
    medicationRef,
    now,
    standing,
  }: {
    readonly acceptedAt: string;
    readonly medicationRef: string;
    readonly now: string;
    readonly standing: readonly StandingDose[];
  },
): ZoneChange {
  const startDate = startThere(before, timeZone, acceptedAt, standing);
  const there = {
    ...before,
    startDate,
    timeZone,
    stays: [{ since: hoursFrom(now, -2 * LARGEST_SHIFT_HOURS), timeZone }],
  };
  const hours = spacingHours(before);
  const awaited = occurrencesBetween(
    before,
    hoursFrom(now, -LONGEST_WINDOW_HOURS),
    hoursFrom(now, LARGEST_SHIFT_HOURS),
  ).filter((one) => isAwaited(one, occurrenceId(one, medicationRef), standing, now));
  const [from = now] = [hoursFrom(now, -LONGEST_WINDOW_HOURS), acceptedAt].toSorted().slice(-1);
  const earliest = firstDueAt(there, from, now);
  const dropped = droppedByChanges(before, from, now).filter(
    ({ dueAt }) => !standing.some((dose) => dose.dueAt === dueAt && dose.status === 'skipped'),
  );
  const isAtHand = standing.map((dose) =>
    isOpenDose(dose) && dose.dueAt <= now ? { ...dose, status: 'sending' as const } : dose,
  );
  const passed = advanceSchedule({
    schedule: there,
    medicationRef,
    now,
    nextDueAt: earliest,
    horizonSeconds: 0,
  }).due.find(
    (dose) =>
      (dose.localDate < before.startDate ||
        awaited.some((one) => isSameDose(one, dose)) ||
        dropped.some(({ dueAt }) => dueAt === dose.dueAt)) &&
      spacing({ dose, standing: isAtHand, hours, cause: 'zone_change' }).verdict === 'send',
  );
  const stay: Stay = { since: passed?.dueAt ?? now, timeZone };
  return { zones: { ...withStay(before, stay), startDate }, since: stay.since };
}

/** The start date by the new clock. One from which the days are counted stays as it is once a dose of the schedule was told. */
function startThere(
  before: StartedSchedule,
  timeZone: string,
  acceptedAt: string,
  standing: readonly StandingDose[],
): string {
  const { frequency, startDate, startDateSource } = before;
  const there = dateAt(acceptedAt, timeZone);
  if (startDateSource !== 'default' || frequency === 'STAT' || there >= startDate) return startDate;
  const isTold = standing.some((dose) => countsAsTold(dose) && dose.dueAt >= acceptedAt);
  return countsFromStart(before) && isTold ? startDate : there;
}

/**
 * Doses by clocks that held before, at moments when they did not hold any more. A change that is taken back, as after a slip
 * of the pen, must not cost the dose that lay between.
 */
const droppedByChanges = (before: Schedule, from: string, now: string): readonly Occurrence[] =>
  stretchesOf(before).flatMap(({ schedule, until }) => {
    const [begin = from] = [from, until ?? now].toSorted().slice(-1);
    return until !== undefined && begin <= now ? occurrencesBetween(schedule, begin, now) : [];
  });

/** Whether that zone is another one than that in which the schedule is read now. */
export const isOtherZone = (schedule: Pick<Schedule, 'stays' | 'timeZone'>, timeZone: string): boolean =>
  presentZone(schedule) !== timeZone;

/** Ahead, or due and neither told nor closed. */
function isAwaited(
  { dueAt }: Occurrence,
  id: string,
  standing: readonly StandingDose[],
  now: string,
): boolean {
  const record = standing.find((dose) => dose.id === id);
  return record ? isOpenDose(record) : dueAt >= now;
}

const isSameDose = (a: Occurrence, b: Occurrence): boolean =>
  a.localDate === b.localDate && a.slots.some((slot) => b.slots.includes(slot));

const hoursFrom = (instant: string, hours: number): string =>
  new Date(Date.parse(instant) + hours * HOUR_MS).toISOString();

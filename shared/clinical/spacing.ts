import type { ReminderState } from './reminder-states.ts';
import type { Schedule } from './schedule.ts';
import { shortestIntervalHours } from './shortest-interval.ts';

/** One dose that stands, as its record says. Instants are ISO 8601 in UTC with milliseconds. */
export interface StandingDose {
  readonly id: string;
  readonly dueAt: string;
  readonly status: ReminderState;
  readonly reason: string | null;
  /** When a person took it, if one said so. */
  readonly takenAt?: string;
  /** Whether it was held, and a person has said that it is to be told. */
  readonly confirmed?: boolean;
  /** When nothing about it is told any more. */
  readonly expiresAt?: string;
}

/** Why doses are held against those before: the schedule was replaced, or its clock is another one now. */
export type SpacingCause = 'replacement' | 'zone_change';

export type SpacingVerdict =
  | { readonly verdict: 'send' }
  /** The very same dose was told, is being told, or was answered. */
  | { readonly verdict: 'told' }
  /** Not to be told: `near` is the dose that lies too close. */
  | { readonly verdict: 'too_close'; readonly near: StandingDose }
  /** To be told only when a person says so. */
  | { readonly verdict: 'needs_confirmation'; readonly near: StandingDose };

export interface SpacingQuestion {
  readonly dose: { readonly id: string; readonly dueAt: string };
  readonly standing: readonly StandingDose[];
  /** From `spacingHours` of the schedule that the dose belongs to. */
  readonly hours: number;
  readonly cause: SpacingCause;
}

const HOUR_MS = 3_600_000;
/**
 * Doses that are further apart than this are not held against each other: somewhat more than half a year, which is half the
 * interval of a yearly dose.
 */
export const LONGEST_REACH_HOURS = 190 * 24;

const TOLD: readonly ReminderState[] = [
  'sending',
  'published',
  'delivered',
  'undelivered',
  'snoozed',
  'taken',
];

/**
 * Whether a dose may have been taken because of us, or was: also one of which nobody knows whether it was told. One that a
 * person left out was not taken.
 */
export const countsAsTold = ({ status, reason }: StandingDose): boolean =>
  TOLD.includes(status) || (status === 'not_sent' && reason === 'delivery_uncertain');

/** Whether nothing has become of a dose yet. */
export const isOpenDose = ({ status }: StandingDose): boolean =>
  status === 'scheduled' || status === 'needs_confirmation';

/**
 * Holds a dose of a new schedule against those that were told or taken before it. The same dose is never told again. One
 * that lies nearer than `hours` to another is not told: it would be too much too soon. Where only the clock has changed the
 * prescription stands, so there a person decides. A dose that was taken counts from when it was taken, any other from when
 * it was due. What a person has said of a dose that was held stands for as long as it is due at that moment, also when its
 * schedule is sent once more.
 */
export function spacing({ cause, dose, hours, standing }: SpacingQuestion): SpacingVerdict {
  const same = standing.find(({ id }) => id === dose.id);
  if (same && (countsAsTold(same) || same.status === 'skipped')) return { verdict: 'told' };
  if (same?.confirmed && same.dueAt === dose.dueAt) return { verdict: 'send' };
  const told = standing.filter(countsAsTold);
  if (told.some(({ dueAt }) => dueAt === dose.dueAt)) return { verdict: 'told' };
  const near = nearestTold(dose, standing, hours);
  if (!near) return { verdict: 'send' };
  return { verdict: cause === 'zone_change' ? 'needs_confirmation' : 'too_close', near };
}

/** Of the doses that were told or taken the nearest one, if it lies nearer than `hours`. */
export function nearestTold(
  { dueAt }: Pick<StandingDose, 'dueAt'>,
  standing: readonly StandingDose[],
  hours: number,
): StandingDose | undefined {
  const apart = (other: StandingDose) => Math.abs(Date.parse(dueAt) - Date.parse(momentOf(other)));
  return standing
    .filter((other) => countsAsTold(other) && apart(other) < hours * HOUR_MS)
    .toSorted((a, b) => apart(a) - apart(b))[0];
}

/**
 * The end of the window of a dose that was told and waits for an answer, when the next dose is due at `nextDueAt` now:
 * `undefined` when that is no sooner than before.
 */
export function earlierEnd(
  { dueAt, expiresAt, status }: Pick<StandingDose, 'dueAt' | 'expiresAt' | 'status'>,
  nextDueAt: string,
): string | undefined {
  const isSooner = dueAt < nextDueAt && expiresAt !== undefined && nextDueAt < expiresAt;
  return isSooner && WAITING.includes(status) ? nextDueAt : undefined;
}

const WAITING: readonly ReminderState[] = ['sending', 'published', 'delivered', 'undelivered', 'snoozed'];

const momentOf = ({ dueAt, takenAt }: StandingDose): string => takenAt ?? dueAt;

/**
 * The shortest time, in hours, that has to lie between a dose and one told before it: half the nominal interval. That is
 * 24 hours divided by the doses of a day, the hours of an elapsed interval, or for one dose on its day the shortest distance
 * of two such days. A schedule that has doses closer than that itself is held to its own distance. 0 for schedules without
 * an interval: as needed, or a single dose.
 */
export function spacingHours(schedule: Schedule): number {
  const distances = distancesOf(schedule);
  return distances ? Math.min(distances.nominal / 2, distances.shortest) : 0;
}

/**
 * The hours between the two nearest doses of a schedule whose clock times are so uneven that one may still be told when
 * the next is all but due: they lie no further apart than half the nominal interval. `undefined` for all others.
 */
export function closeTogetherHours(schedule: Schedule): number | undefined {
  const distances = distancesOf(schedule);
  return distances && distances.shortest <= distances.nominal / 2 ? distances.shortest : undefined;
}

function distancesOf(
  schedule: Schedule,
): { readonly nominal: number; readonly shortest: number } | undefined {
  const { frequency } = schedule;
  // Its end is no part of how often a schedule repeats: one day of three doses is three times a day.
  const { endDate: _end, ...endless } = schedule;
  const shortest = frequency === 'PRN' || frequency === 'STAT' ? null : shortestIntervalHours(endless);
  if (shortest === null) return undefined;
  const perDay = schedule.times.length;
  return { nominal: perDay > 1 ? 24 / perDay : shortest, shortest };
}

import { Temporal } from 'temporal-polyfill';
import { dueDates } from './due-dates.ts';
import { type ExpansionRequest, scheduleOfExpansion } from './expansion-request.ts';
import { occurrencesBetween } from './occurrences.ts';
import type { Occurrence, Schedule } from './schedule.ts';
import { shortestIntervalHours } from './shortest-interval.ts';

/** Something about an expansion that a person should know. `local_date` is the date to which the dose belongs. */
export interface ExpansionWarning {
  readonly code:
    | 'moved_out_of_gap'
    | 'first_of_two'
    | 'slots_merged'
    | 'month_day_clamped'
    | 'close_after_zone_change'
    | 'zone_segments_ignored'
    | 'no_fixed_times'
    | 'default_times_used';
  readonly detail: string;
  readonly local_date?: string;
}

/** Every dose of a schedule, in order of time. */
export interface Expansion {
  /** Instants: `2026-03-08T07:30:00Z`. Two times that fall on one instant are there once. */
  readonly utc: readonly string[];
  /** The wall clock at these instants: `2026-03-08T03:30:00-0400`. */
  readonly local: readonly string[];
  readonly warnings: readonly ExpansionWarning[];
}

/**
 * Every instant of a schedule from its start date to its end date, both inclusive local dates.
 *
 * - `wall_clock`: each time is a clock time on each due local date; the calendar decides the dates. A time in a gap is
 *   read with the offset before the gap and so moves forward by its length; one that happens twice fires once, the
 *   first time (RFC 5545 section 3.3.5; Temporal `compatible`).
 * - `elapsed_interval`: anchor + k × n hours; the clock time moves at a transition.
 * - Travel: with `home_zone` instants never change; with `follow_current_zone` clock times are read in the new zone
 *   from its local date on. Instants are raw: doses that come close to each other are named in `warnings`, and what
 *   to do about them belongs to delivery.
 * - Without `times`: the built-in default times of the frequency, with a warning. An empty list is a contradiction.
 * - As needed has no instants. A single dose is at its clock time of the start date, or at `anchor_local`.
 * @throws ProblemError `invalid_input` with a pointer for every contradiction; its message names them, too
 */
export function expandSchedule(request: ExpansionRequest): Expansion {
  const { schedule, byDefaultTimes } = scheduleOfExpansion(request);
  const occurrences = occurrencesBetween(schedule, ...aroundOf(schedule));
  return {
    utc: occurrences.map(({ dueAt }) => dueAt.replace('.000Z', 'Z')),
    local: occurrences.map(({ localTime }) => localTime.replace(/([+-]\d\d):(\d\d)$/, '$1$2')),
    warnings: [
      ...(schedule.frequency === 'PRN' ? [NO_FIXED_TIMES] : []),
      ...(byDefaultTimes ? [DEFAULT_TIMES_USED] : []),
      ...(request.zone_segments?.length && !schedule.zoneSegments ? [SEGMENTS_IGNORED] : []),
      ...clamped(schedule),
      ...occurrences.flatMap(aboutClock),
      ...closeDoses(schedule, occurrences),
    ],
  };
}

const NO_FIXED_TIMES: ExpansionWarning = {
  code: 'no_fixed_times',
  detail: 'Doses as needed have no fixed times, so no reminders follow.',
};
const DEFAULT_TIMES_USED: ExpansionWarning = {
  code: 'default_times_used',
  detail: 'The request names no clock times: the built-in ones of this frequency were taken.',
};
const SEGMENTS_IGNORED: ExpansionWarning = {
  code: 'zone_segments_ignored',
  detail: 'Clock times stay in the home zone: stays in other zones change nothing.',
};

/** Two days more on both sides than the local dates: no zone is further from UTC, and a gap moves a dose at most one day. */
function aroundOf({ startDate, endDate = startDate }: Schedule): [string, string] {
  const midnight = (date: Temporal.PlainDate) => date.toZonedDateTime('UTC').toInstant().toString();
  return [
    midnight(Temporal.PlainDate.from(startDate).subtract({ days: 2 })),
    midnight(Temporal.PlainDate.from(endDate).add({ days: 3 })),
  ];
}

function clamped(schedule: Schedule): ExpansionWarning[] {
  if (schedule.monthRule !== 'clamp') return [];
  const start = Temporal.PlainDate.from(schedule.startDate);
  return [...dueDates(schedule, start)]
    .filter(({ day }) => day !== start.day)
    .map((date) => ({
      code: 'month_day_clamped',
      detail: 'This month has no such day: the dose is on its last day.',
      local_date: date.toString(),
    }));
}

function aboutClock({ dueAt, localDate, localTime, slots, timeZone }: Occurrence): ExpansionWarning[] {
  const warnings: ExpansionWarning[] = [];
  const clockTimes = slots.filter((slot) => slot.length === 5);
  if (clockTimes.some((time) => localTime.slice(0, 16) !== `${localDate}T${time}`)) {
    const detail =
      'This clock time does not exist on that date: the dose moves forward by the length of the gap.';
    warnings.push({ code: 'moved_out_of_gap', detail, local_date: localDate });
  }
  if (clockTimes.length > 1) {
    const detail = 'Two clock times fall on one moment: one reminder names both.';
    warnings.push({ code: 'slots_merged', detail, local_date: localDate });
  }
  if (clockTimes.length > 0 && happensAgain(dueAt, timeZone)) {
    const detail = 'This clock time happens twice on that date: the dose is at the first.';
    warnings.push({ code: 'first_of_two', detail, local_date: localDate });
  }
  return warnings;
}

function happensAgain(dueAt: string, timeZone: string): boolean {
  const first = Temporal.Instant.from(dueAt).toZonedDateTimeISO(timeZone);
  const later = first.toPlainDateTime().toZonedDateTime(timeZone, { disambiguation: 'later' });
  return later.epochMilliseconds !== first.epochMilliseconds;
}

/** Only a change of zone brings doses together; a change of the clock moves them by an hour or two. */
function closeDoses(schedule: Schedule, occurrences: readonly Occurrence[]): ExpansionWarning[] {
  const hours = schedule.zoneSegments ? shortestIntervalHours(schedule) : null;
  if (hours === null) return [];
  return occurrences.flatMap(({ dueAt, localDate }, index) => {
    const before = occurrences[index - 1];
    const apart = before ? Date.parse(dueAt) - Date.parse(before.dueAt) : Infinity;
    if (apart >= (hours * 3_600_000) / 2) return [];
    const detail =
      'After a change of zone this dose comes less than half the interval after the one before it.';
    return [{ code: 'close_after_zone_change', detail, local_date: localDate }];
  });
}

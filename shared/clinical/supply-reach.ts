import { Temporal } from 'temporal-polyfill';
import { daysOfSupply, dosesPerDay } from './days-of-supply.ts';
import { nextOccurrences } from './occurrences.ts';
import type { RefillFacts } from './refill-date.ts';
import { runOut } from './run-out.ts';
import type { Schedule } from './schedule.ts';
import { firstUncoveredOn, hasFixedDoses } from './scheduled-supply.ts';

/** What is on record about a medication. Nothing that is absent is assumed without the answer saying so. */
export interface SupplyFacts extends RefillFacts {
  /** Units of one dose, such as tablets. */
  readonly doseUnits?: number;
  /** A package is thrown away so many days after the fill. */
  readonly discardAfterDays?: number;
  /** For doses as needed. */
  readonly maxDosesPerDay?: number;
}

export interface ReachInput {
  /**
   * Absent when the medication has none. One without doses at fixed times is for doses as needed. What it says of its
   * doses goes before what is on record about the medication.
   */
  readonly schedule:
    | (Schedule & Pick<SupplyFacts, 'doseUnits' | 'maxDosesPerDay'> & { readonly medicationName?: string })
    | undefined;
  readonly facts: SupplyFacts;
  /** Units on hand at `at`. */
  readonly supplyUnits: number;
  /** Doses due before this moment count as taken. */
  readonly at: string;
}

/** Units of one dose, as far as they are known. */
export const doseUnitsOf = ({
  schedule,
  facts,
}: Pick<ReachInput, 'schedule' | 'facts'>): number | undefined => schedule?.doseUnits ?? facts.doseUnits;

/** The most doses in a day, as far as that is known. */
export const mostDosesOf = ({
  schedule,
  facts,
}: Pick<ReachInput, 'schedule' | 'facts'>): number | undefined =>
  schedule?.maxDosesPerDay ?? facts.maxDosesPerDay;

/** How far the units reach. `unknown` says which fact is missing; `first` is then the latest that it can be. */
export interface Reach {
  readonly days: number | null;
  readonly first: string | null;
  readonly unknown?: string;
  readonly reasons: readonly string[];
  readonly assumptions: readonly string[];
}

export const unknownReach = (unknown: string): Reach => ({
  days: null,
  first: null,
  unknown,
  reasons: [unknown],
  assumptions: [],
});

/** How far the units reach, by the doses of the schedule or the most doses of a day. */
export function reachOf(input: ReachInput, unitsPerDose: number, today: Temporal.PlainDate): Reach {
  const { schedule, supplyUnits, at } = input;
  if (schedule && hasFixedDoses(schedule)) {
    const first = firstUncoveredOn(schedule, { supplyUnits, unitsPerDose, at });
    return {
      days: daysOfSupply(supplyUnits, unitsPerDose, dosesPerDay(schedule)),
      first,
      reasons: first === null ? [endCode(schedule)] : [],
      assumptions: ['doses_due_earlier_today_were_taken'],
    };
  }
  const mostDoses = mostDosesOf(input);
  if (mostDoses === undefined) return unknownReach(schedule ? 'max_doses_per_day_missing' : 'no_schedule');
  const { first_uncovered_date: first } = runOut({
    today: today.toString(),
    current_supply: supplyUnits,
    units_per_dose: unitsPerDose,
    doses_per_day: mostDoses,
    doses_taken_today: 0,
  });
  return {
    days: daysOfSupply(supplyUnits, unitsPerDose, mostDoses),
    first,
    reasons: [],
    assumptions: ['the_most_doses_of_a_day_are_taken_every_day', 'no_dose_of_today_was_taken'],
  };
}

const endCode = (schedule: Schedule): string =>
  schedule.endDate === undefined ? 'more_than_ten_years_ahead' : 'schedule_ends_before_the_supply';

/** The same, ended by the day on which the package is thrown away. */
export function cappedByDiscard(reach: Reach, input: ReachInput, today: Temporal.PlainDate): Reach {
  const { discardAfterDays, lastFillDate } = input.facts;
  if (discardAfterDays === undefined || reach.unknown !== undefined) return reach;
  if (lastFillDate === undefined)
    return { ...reach, days: null, unknown: 'last_fill_date_missing', reasons: ['last_fill_date_missing'] };
  // A fill that is dated ahead, as in a zone whose day has begun, was opened today at the latest.
  const filled = Temporal.PlainDate.from(lastFillDate);
  const opened = Temporal.PlainDate.compare(filled, today) < 0 ? filled : today;
  const discarded = opened.add({ days: discardAfterDays });
  const assumptions = [...reach.assumptions, 'package_opened_on_the_fill_date'];
  const first = firstDoseFrom(discarded, today, input);
  if (first === null || (reach.first !== null && reach.first <= first)) return { ...reach, assumptions };
  const days = Math.max(0, today.until(discarded, { largestUnit: 'day' }).days);
  return { days: Math.min(days, reach.days ?? days), first, reasons: ['package_is_discarded'], assumptions };
}

/** Local date of the first dose on or after `date`, today at the earliest; `null` when there is none. */
function firstDoseFrom(
  date: Temporal.PlainDate,
  today: Temporal.PlainDate,
  input: ReachInput,
): string | null {
  const { schedule, at } = input;
  const later = Temporal.PlainDate.compare(date, today) > 0 ? date : today;
  if (!schedule || !hasFixedDoses(schedule)) return later.toString();
  const midnight = later.toZonedDateTime(schedule.timeZone).toInstant().subtract({ milliseconds: 1 });
  const from = Temporal.Instant.compare(midnight, at) > 0 ? midnight.toString() : at;
  return nextOccurrences(schedule, from, 1)[0]?.localDate ?? null;
}

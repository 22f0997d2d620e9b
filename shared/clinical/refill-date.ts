import { type ControlledStatus, controlledStatus, isTooLenient } from './controlled/controlled-status.ts';
import { controlledRefill, type DeaSchedule, isOverMostRefills } from './controlled-substances.ts';
import { ratio } from './decimal.ts';
import { earliestRefill } from './earliest-refill.ts';

/** What is on record about the prescription and its last fill. Dates are local. */
export interface RefillFacts {
  /** As a person wrote it, and the concept of RxNorm: they tell whether it is a controlled substance. */
  readonly name?: string;
  readonly rxcui?: string;
  readonly lastFillDate?: string;
  readonly daysSupply?: number;
  readonly refillsLeft?: number;
  readonly issuedOn?: string;
  readonly deaSchedule?: DeaSchedule;
}

export interface RefillDate {
  readonly date: string | null;
  /** Codes: which fact is missing, what forbids a refill, or what was looked up. */
  readonly reasons: readonly string[];
  readonly assumptions: readonly string[];
}

export interface RefillCase {
  /** Share of the days supplied after which a refill is not too soon. */
  readonly threshold: number;
  /** Local date; `null` when the zone is not known. */
  readonly today: string | null;
  /** What the schedule calls the medication. */
  readonly medicationName?: string | undefined;
}

/**
 * The first local date on which the prescription may be refilled: not too soon after the last fill, not before it was
 * issued, a refill left, and for controlled substances within the law (21 CFR 1306.12, 1306.22). A date of the past says
 * since when; the law is asked about the day on which the refill can still happen, today at the earliest. `null` with the
 * reason when there is none, or when a fact is missing. Whether the medication is a controlled substance is looked up by its
 * names where nobody has stated a schedule, and never assumed.
 */
export function refillDate(facts: RefillFacts, { threshold, today, medicationName }: RefillCase): RefillDate {
  const { deaSchedule, refillsLeft, lastFillDate, daysSupply, issuedOn } = facts;
  const none = (...reasons: readonly string[]): RefillDate => ({ date: null, reasons, assumptions: [] });
  if (deaSchedule === 'II') return none('schedule_ii_is_never_refilled');
  const looked = lookedUp(facts, medicationName);
  if (looked.status === 'never_prescribed') return none('schedule_i_is_never_prescribed');
  if (looked.status === 'controlled' && deaSchedule && isTooLenient(deaSchedule, looked.mostLenient))
    return none('dea_schedule_does_not_fit_name');
  if (refillsLeft === 0) return none('no_refills_left');
  if (deaSchedule && isOverMostRefills(deaSchedule, refillsLeft)) return none('more_than_five_refills');
  const isDated = deaSchedule === 'III' || deaSchedule === 'IV';
  const missing = [
    ...(lastFillDate === undefined ? ['last_fill_date_missing'] : []),
    ...(daysSupply === undefined ? ['days_supply_missing'] : []),
    ...(refillsLeft === undefined ? ['refills_left_missing'] : []),
    ...(isDated && issuedOn === undefined ? ['issued_on_missing'] : []),
    ...(isDated && today === null ? ['time_zone_missing'] : []),
    ...(deaSchedule === undefined && looked.status === 'controlled' ? ['dea_schedule_missing'] : []),
    ...(deaSchedule === undefined && looked.status === 'not_known' ? ['dea_schedule_not_known'] : []),
  ];
  if (lastFillDate === undefined || daysSupply === undefined || missing.length > 0) return none(...missing);
  const { earliest_refill: earliest } = earliestRefill(lastFillDate, daysSupply, ratio(threshold));
  const date = laterOf(earliest, issuedOn);
  if (deaSchedule !== undefined) {
    const law = controlledRefill({
      schedule: deaSchedule,
      issued: issuedOn,
      refill_date: laterOf(date, today ?? undefined),
      refills_left: refillsLeft,
    });
    if (law.decision !== 'allowed') return none(...law.reasons);
  }
  return {
    date,
    reasons: deaSchedule === undefined ? ['not_a_controlled_substance'] : [],
    assumptions: [`refill_is_not_too_soon_after_${threshold}_of_the_days_supplied`],
  };
}

/** A code of another drug does not make a name good that nobody can read: it may be that of a controlled substance. */
function lookedUp(facts: RefillFacts, medicationName: string | undefined): ControlledStatus {
  const looked = controlledStatus(namesOf(facts, medicationName));
  const { name, rxcui } = facts;
  const isUnread =
    name !== undefined && rxcui !== undefined && controlledStatus([name]).status === 'not_known';
  return looked.status === 'not_controlled' && isUnread ? { status: 'not_known' } : looked;
}

const namesOf = ({ name, rxcui }: RefillFacts, medicationName: string | undefined): readonly string[] =>
  [name, rxcui && `rxcui ${rxcui}`, medicationName].filter((one) => one !== undefined);

/** Dates in this form are in order as text. */
const laterOf = (date: string, other: string | undefined): string =>
  other !== undefined && other > date ? other : date;

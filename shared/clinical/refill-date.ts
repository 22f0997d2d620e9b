import { controlledRefill, type DeaSchedule } from './controlled-substances.ts';
import { ratio } from './decimal.ts';
import { earliestRefill } from './earliest-refill.ts';

/** What is on record about the prescription and its last fill. Dates are local. */
export interface RefillFacts {
  readonly lastFillDate?: string;
  readonly daysSupply?: number;
  readonly refillsLeft?: number;
  readonly issuedOn?: string;
  readonly deaSchedule?: DeaSchedule;
}

export interface RefillDate {
  readonly date: string | null;
  /** Codes: which fact is missing, or what forbids a refill. */
  readonly reasons: readonly string[];
  readonly assumptions: readonly string[];
}

/**
 * The first local date on which the prescription may be refilled: not too soon after the last fill, a refill left,
 * and for controlled substances within the law (21 CFR 1306.12, 1306.22). `null` with the reason when there is none,
 * or when a fact is missing. For what is not known to be controlled, an unknown number of refills is no obstacle:
 * the answer says that it was not looked at.
 */
export function refillDate(facts: RefillFacts, threshold: number): RefillDate {
  const { deaSchedule, refillsLeft, lastFillDate, daysSupply, issuedOn } = facts;
  const none = (...reasons: readonly string[]): RefillDate => ({ date: null, reasons, assumptions: [] });
  if (deaSchedule === 'II') return none('schedule_ii_is_never_refilled');
  if (refillsLeft === 0) return none('no_refills_left');
  const missing = [
    ...(lastFillDate === undefined ? ['last_fill_date_missing'] : []),
    ...(daysSupply === undefined ? ['days_supply_missing'] : []),
    ...(deaSchedule !== undefined && refillsLeft === undefined ? ['refills_left_missing'] : []),
    ...((deaSchedule === 'III' || deaSchedule === 'IV') && issuedOn === undefined
      ? ['issued_on_missing']
      : []),
  ];
  if (lastFillDate === undefined || daysSupply === undefined || missing.length > 0) return none(...missing);
  const { earliest_refill: date } = earliestRefill(lastFillDate, daysSupply, ratio(threshold));
  if (deaSchedule !== undefined) {
    const law = controlledRefill({
      schedule: deaSchedule,
      issued: issuedOn,
      refill_date: date,
      refills_left: refillsLeft,
    });
    if (law.decision !== 'allowed') return none(...law.reasons);
  }
  return {
    date,
    reasons: [],
    assumptions: [
      `refill_is_not_too_soon_after_${threshold}_of_the_days_supplied`,
      ...(deaSchedule === undefined ? ['not_a_controlled_substance'] : []),
      ...(refillsLeft === undefined ? ['a_refill_is_left'] : []),
    ],
  };
}

import { Temporal } from 'temporal-polyfill';
import { orderBy } from './order-by.ts';
import { refillDate } from './refill-date.ts';
import { readAt } from './stays.ts';
import {
  cappedByDiscard,
  doseUnitsOf,
  type Reach,
  type ReachInput,
  reachOf,
  unknownReach,
} from './supply-reach.ts';

/** What a deployer says about refills and orders. */
export interface SupplyTerms {
  /** Share of the days supplied after which a refill is not too soon. */
  readonly refillThreshold: number;
  /** Days for an order to arrive, and days kept in hand besides. */
  readonly leadTimeDays: number;
  readonly safetyDays: number;
  /** MO to SU, and local dates, on which nothing can be ordered. */
  readonly closedWeekdays: readonly string[];
  readonly holidays: readonly string[];
}

export interface OutlookInput extends ReachInput {
  /** Zone of the user or the deployment, for a medication without a schedule. */
  readonly timeZone?: string | undefined;
  readonly terms: SupplyTerms;
}

/** `out`: today cannot be covered; `now`: the order-by date has come; `soon`: it comes within 7 days. */
export type Urgency = 'out' | 'now' | 'soon' | 'ok';

/** Why a member of the answer is what it is. */
export type OutlookReason = {
  readonly member:
    | 'days_of_supply'
    | 'first_uncovered_date'
    | 'refill_eligible_date'
    | 'order_by_date'
    | 'urgency';
  readonly code: string;
};

export type SupplyOutlook = {
  readonly time_zone: string | null;
  /** Local date of the zone. */
  readonly today: string | null;
  readonly units_per_dose: number;
  /** Whole days at the average use, or until the package is discarded. */
  readonly days_of_supply: number | null;
  /** Local date; `null` when not even today is covered, or when it is not known. */
  readonly last_covered_date: string | null;
  readonly first_uncovered_date: string | null;
  readonly refill_eligible_date: string | null;
  readonly order_by_date: string | null;
  /** `null`: facts are missing without which nobody can say that there is time. */
  readonly urgency: Urgency | null;
  readonly reasons: readonly OutlookReason[];
  readonly assumptions: readonly string[];
};

const SOON_DAYS = 7;

/**
 * How long a supply lasts and when to refill or order it. A date whose facts are missing is `null`, and a reason names
 * what is missing; what was assumed instead of a fact stands in `assumptions`.
 * @throws RangeError when a quantity is negative or not finite, or a dose uses nothing
 */
export function supplyOutlook(asked: OutlookInput): SupplyOutlook {
  // What lies ahead follows the clock of the present stay.
  const input = asked.schedule ? { ...asked, schedule: readAt(asked.schedule, asked.at) } : asked;
  const { facts, terms } = input;
  const timeZone = input.schedule?.timeZone ?? input.timeZone ?? null;
  const today =
    timeZone === null ? null : Temporal.Instant.from(input.at).toZonedDateTimeISO(timeZone).toPlainDate();
  const doseUnits = doseUnitsOf(input);
  const unitsPerDose = doseUnits ?? 1;
  const reach = today === null ? unknownReach('time_zone_missing') : reachOf(input, unitsPerDose, today);
  const capped = today === null ? reach : cappedByDiscard(reach, input, today);
  const first = capped.unknown === undefined ? capped.first : null;
  const refill = refillDate(facts, {
    threshold: terms.refillThreshold,
    today: today?.toString() ?? null,
    medicationName: input.schedule?.medicationName,
  });
  const ordered = first === null || today === null ? null : orderDate(first, today, terms);
  const urgency = urgencyOf(capped, today, terms);
  return {
    time_zone: timeZone,
    today: today?.toString() ?? null,
    units_per_dose: unitsPerDose,
    days_of_supply: capped.days,
    last_covered_date:
      capped.unknown !== undefined || today === null ? null : lastCovered(first, today, input),
    first_uncovered_date: first,
    refill_eligible_date: refill.date,
    order_by_date: ordered,
    urgency: urgency.urgency,
    reasons: [
      ...(capped.days === null ? [{ member: 'days_of_supply' as const, code: capped.unknown ?? '' }] : []),
      ...capped.reasons.map((code) => ({ member: 'first_uncovered_date' as const, code })),
      ...refill.reasons.map((code) => ({ member: 'refill_eligible_date' as const, code })),
      ...(ordered === null
        ? [{ member: 'order_by_date' as const, code: capped.unknown ?? 'no_uncovered_date' }]
        : []),
      { member: 'urgency', code: urgency.code },
    ],
    assumptions: [
      ...(doseUnits === undefined ? ['units_per_dose_is_1'] : []),
      ...capped.assumptions,
      ...(ordered === null
        ? []
        : [`order_takes_${terms.leadTimeDays}_days_with_${terms.safetyDays}_days_in_hand`]),
      ...refill.assumptions,
    ],
  };
}

function lastCovered(first: string | null, today: Temporal.PlainDate, input: OutlookInput): string | null {
  if (first === null) return input.schedule?.endDate ?? null;
  const last = Temporal.PlainDate.from(first).subtract({ days: 1 });
  return Temporal.PlainDate.compare(last, today) < 0 ? null : last.toString();
}

const orderDate = (first: string, today: Temporal.PlainDate, terms: SupplyTerms): string =>
  orderBy({
    today: today.toString(),
    first_uncovered_date: first,
    lead_time_days: terms.leadTimeDays,
    safety_days: terms.safetyDays,
    closed_weekdays: terms.closedWeekdays,
    holidays: terms.holidays,
  }).order_by;

/** Where a fact is missing, the latest possible date may still show that there is no time; it never shows that there is. */
function urgencyOf(
  reach: Reach,
  today: Temporal.PlainDate | null,
  terms: SupplyTerms,
): { readonly urgency: Urgency | null; readonly code: string } {
  if (today !== null && reach.first !== null) {
    const order = orderDate(reach.first, today, terms);
    if (reach.first <= today.toString()) return { urgency: 'out', code: 'first_uncovered_date_has_come' };
    if (order <= today.toString()) return { urgency: 'now', code: 'order_by_date_has_come' };
    if (order <= today.add({ days: SOON_DAYS }).toString())
      return { urgency: 'soon', code: `order_by_date_within_${SOON_DAYS}_days` };
  }
  if (reach.unknown !== undefined) return { urgency: null, code: reach.unknown };
  return {
    urgency: 'ok',
    code: reach.first === null ? 'no_uncovered_date' : `order_by_date_after_${SOON_DAYS}_days`,
  };
}

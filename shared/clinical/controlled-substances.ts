import { Temporal } from 'temporal-polyfill';

/** Schedules of 21 CFR part 1308 that can be prescribed. */
export const DEA_SCHEDULES = ['II', 'III', 'IV', 'V'] as const;
export type DeaSchedule = (typeof DEA_SCHEDULES)[number];

export interface ControlledRefill {
  readonly schedule: DeaSchedule;
  /** Local date on which the prescription was issued. */
  readonly issued?: string | undefined;
  /** Local date of the refill that is asked about. */
  readonly refill_date?: string | undefined;
  readonly refills_used?: number | undefined;
  /** Refills that the prescriber has authorized and that are not used. */
  readonly refills_left?: number | undefined;
}

export interface ControlledVerdict {
  /** `prescriber`: no number of refills is set by law, and what the prescriber authorized is not known. */
  readonly decision: 'never' | 'blocked' | 'allowed' | 'prescriber' | null;
  /** The decision in words; `null` when facts are missing. */
  readonly verdict: string | null;
  /** Codes: what blocks, or which facts are missing. */
  readonly reasons: readonly string[];
  readonly source: string;
}

/** 21 CFR 1306.22(a): schedules III and IV, refilled at most five times and not later than six months after issue. */
const MOST_REFILLS = 5;
const MONTHS_VALID = 6;

/** Whether more refills are left than a prescription of that schedule can ever have (21 CFR 1306.22(a)). */
export const isOverMostRefills = (schedule: DeaSchedule, refillsLeft: number | undefined): boolean =>
  (schedule === 'III' || schedule === 'IV') && refillsLeft !== undefined && refillsLeft > MOST_REFILLS;

/** The last local date on which a prescription for schedule III or IV may be refilled (21 CFR 1306.22(a)). */
export const lastRefillDate = (issued: string): string =>
  Temporal.PlainDate.from(issued).add({ months: MONTHS_VALID }).toString();

/**
 * Whether federal law of the United States lets a prescription for a controlled substance be refilled. Law of the
 * states and terms of insurers may be stricter.
 *
 * - II: never (21 CFR 1306.12(a)).
 * - III, IV: at most five refills, and none later than six months after the date of issue; the day six months later
 *   still counts, and where that month is shorter, its last day (21 CFR 1306.22(a)).
 * - V: as far as the prescriber has authorized.
 *
 * None of them before the date of issue. A prescriber's authorized refills bind in III, IV and V where they are known. More
 * than five in III or IV, used and left together, is a number that no prescription can have: nothing is concluded from it.
 */
export function controlledRefill(input: ControlledRefill): ControlledVerdict {
  if (input.schedule === 'II')
    return {
      decision: 'never',
      verdict: 'never: a new prescription is needed',
      reasons: ['schedule_ii_is_never_refilled'],
      source: '21 CFR 1306.12',
    };
  return input.schedule === 'V' ? scheduleFive(input) : scheduleThreeOrFour(input);
}

function scheduleFive(input: ControlledRefill): ControlledVerdict {
  const source = 'prescriber’s authorization';
  const reasons = [...beforeIssue(input), ...noneLeft(input)];
  const [first] = reasons;
  if (first !== undefined) return { decision: 'blocked', verdict: BLOCKED[first], reasons, source };
  if (input.refills_left === undefined)
    return {
      decision: 'prescriber',
      verdict: 'prescriber: only the refills that the prescriber authorized',
      reasons: ['refills_left_missing'],
      source,
    };
  return { decision: 'allowed', verdict: 'allowed: the prescriber authorized refills', reasons: [], source };
}

const BLOCKED = {
  five_refills_used: 'blocked: at most 5 refills',
  over_six_months_after_issue: 'blocked: more than 6 months after the date of issue',
  before_issue: 'blocked: before the date of issue',
  no_refills_left: 'blocked: the prescriber authorized no further refill',
} as const;

const beforeIssue = ({ issued, refill_date }: ControlledRefill) =>
  issued !== undefined && refill_date !== undefined && refill_date < issued
    ? (['before_issue'] as const)
    : [];

const noneLeft = ({ refills_left }: ControlledRefill) =>
  refills_left === 0 ? (['no_refills_left'] as const) : [];

function scheduleThreeOrFour(input: ControlledRefill): ControlledVerdict {
  const { issued, refill_date, refills_left, refills_used } = input;
  const source = '21 CFR 1306.22';
  const dated = issued !== undefined && refill_date !== undefined;
  const reasons = [
    ...(refills_used !== undefined && refills_used >= MOST_REFILLS ? (['five_refills_used'] as const) : []),
    ...(dated && refill_date > lastRefillDate(issued) ? (['over_six_months_after_issue'] as const) : []),
    ...beforeIssue(input),
    ...noneLeft(input),
  ];
  const [first] = reasons;
  if (first !== undefined) return { decision: 'blocked', verdict: BLOCKED[first], reasons, source };
  if (refills_left !== undefined && refills_left + (refills_used ?? 0) > MOST_REFILLS)
    return { decision: null, verdict: null, reasons: ['more_than_five_refills'], source };
  const missing = [
    ...(issued === undefined ? ['issued_missing'] : []),
    ...(refill_date === undefined ? ['refill_date_missing'] : []),
    // What is left of an authorized number says as much as what was used of it: no more than five were ever legal.
    ...(refills_used === undefined && refills_left === undefined ? ['refills_used_missing'] : []),
  ];
  if (missing.length > 0) return { decision: null, verdict: null, reasons: missing, source };
  return { decision: 'allowed', verdict: 'allowed on the legal rule', reasons: [], source };
}

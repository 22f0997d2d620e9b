import {
  type ControlledRefill,
  type ControlledVerdict,
  controlledRefill,
  DEA_SCHEDULES,
  type DeaSchedule,
} from './controlled-substances.ts';
import { isLess, ratio } from './decimal.ts';
import { type EarliestRefill, earliestRefill } from './earliest-refill.ts';
import { PlainInput } from './plain-input.ts';

export interface RefillTooSoonInput {
  /** Local date, day 0. */
  readonly last_fill: string;
  readonly days_supply: number;
  /** Share of the days supplied that must be over, 0 to 1: a number, or a fraction in text such as `5/6`. */
  readonly threshold: number | string;
}

const AT = 'refillEligibility';

/**
 * Answers one of two questions, told apart by their members. Members that a question does not have are passed over: a case
 * of a file of vectors is sent as it stands. One that is nearly an optional member is refused.
 *
 * - `{last_fill, days_supply, threshold}` → `{earliest_refill, days_after_fill}`: the first local date on which a
 *   refill is not too soon, `last_fill` + ⌈`days_supply` × `threshold`⌉ days, in exact decimals; the fill date is
 *   day 0. Payers set the threshold; deployments use 0.80 unless told otherwise.
 * - `{schedule, issued?, refill_date?, refills_used?, refills_left?}` → `{decision, verdict, reasons, source}`:
 *   whether a controlled substance may be refilled, by 21 CFR 1306.12 (schedule II) and 1306.22 (III, IV). `verdict`
 *   is the decision in words. What facts are missing for stands in `reasons`, with `decision: null`.
 *
 * Dates are local and written YYYY-MM-DD.
 * @throws TypeError that names the member and what belongs there
 */
export function refillEligibility(input: RefillTooSoonInput): EarliestRefill;
export function refillEligibility(input: ControlledRefill): ControlledVerdict;
export function refillEligibility(
  input: RefillTooSoonInput | ControlledRefill,
): EarliestRefill | ControlledVerdict;
export function refillEligibility(
  input: RefillTooSoonInput | ControlledRefill,
): EarliestRefill | ControlledVerdict {
  const read = new PlainInput(AT, input);
  if (read.has('schedule') === read.has('last_fill'))
    throw new TypeError(
      `${AT}: send either \`last_fill\`, \`days_supply\` and \`threshold\`, or \`schedule\` with its facts.`,
    );
  return read.has('schedule') ? controlledRefill(controlled(read)) : tooSoon(read);
}

function tooSoon(read: PlainInput): EarliestRefill {
  const threshold = read.quantity('threshold');
  if (isLess(ratio(1), threshold)) read.fail('threshold', 'a share from 0 to 1');
  return earliestRefill(read.date('last_fill').toString(), read.wholeNumber('days_supply'), threshold);
}

function controlled(read: PlainInput): ControlledRefill {
  read.refuseMisspelt('issued', 'refill_date', 'refills_used', 'refills_left');
  const schedule = read.text('schedule');
  if (!isDeaSchedule(schedule)) return read.fail('schedule', `one of ${DEA_SCHEDULES.join(', ')}`);
  return {
    schedule,
    issued: read.has('issued') ? read.date('issued').toString() : undefined,
    refill_date: read.has('refill_date') ? read.date('refill_date').toString() : undefined,
    refills_used: read.has('refills_used') ? read.wholeNumber('refills_used') : undefined,
    refills_left: read.has('refills_left') ? read.wholeNumber('refills_left') : undefined,
  };
}

const isDeaSchedule = (text: string): text is DeaSchedule =>
  DEA_SCHEDULES.some((schedule) => schedule === text);

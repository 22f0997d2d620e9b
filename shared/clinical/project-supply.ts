import { times, wholeQuotient } from './decimal.ts';
import { type OrderBy, type OrderByInput, orderBy } from './order-by.ts';
import { dateEntry, PlainInput } from './plain-input.ts';
import { reorderPoint } from './reorder-point.ts';
import { type RunOut, type RunOutInput, runOut } from './run-out.ts';
import { calendarDate, isSupportedDate, SUPPORTED_DATES } from './supported-dates.ts';
import { WEEKDAY_CODES } from './weekdays.ts';

export interface DaysSupplyInput {
  readonly quantity: number | string;
  readonly units_per_dose: number | string;
  /** A number, or a fraction in text: `1/7` is weekly. For doses as needed: the most in one day. */
  readonly doses_per_day: number | string;
  readonly discard_after_days?: number;
}

export interface ReorderPointInput {
  readonly daily_use: number | string;
  readonly lead_time_days: number;
  readonly safety_stock_units: number | string;
}

export type SupplyQuestion = DaysSupplyInput | RunOutInput | OrderByInput | ReorderPointInput;
export type SupplyAnswer =
  | { readonly full_days: number }
  | RunOut
  | OrderBy
  | { readonly reorder_point: number };

const AT = 'projectSupply';

/**
 * Answers one of four questions about a supply, told apart by their first member. Members that a question does not have
 * are passed over: a case of a file of vectors is sent as it stands. One that is nearly an optional member is refused. All
 * arithmetic is in exact decimals: 0.3 units are three doses of 0.1.
 *
 * - `{quantity, units_per_dose, doses_per_day, discard_after_days?}` → `{full_days}`: the floor of quantity by daily use.
 * - `{current_supply, today, units_per_dose, doses_per_day, doses_taken_today?, discard_after_days?, opened_on?}` →
 *   `{last_fully_covered_date, first_uncovered_date, units_left_over}`: the first local date whose doses cannot all be
 *   taken, and the one before it (`null` when that lies before today). Doses already taken today are not needed again.
 *   A package that is discarded ends the supply `discard_after_days` days after `opened_on` (absent: today), and the
 *   answer then has `limited_by`.
 * - `{first_uncovered_date, today, lead_time_days, safety_days, closed_weekdays?, holidays?}` → `{order_by, status}`:
 *   that date less lead time and safety days, moved back to an open day; `overdue` when it lies before today.
 * - `{daily_use, lead_time_days, safety_stock_units}` → `{reorder_point}`: daily use × lead time + safety stock, in units.
 *
 * Dates are local, written YYYY-MM-DD and from 1900 to 2999, in answers, too; weekdays are MO to SU. Quantities are 0 or
 * from 1e-12 to 1e12.
 * @throws TypeError that names the member and what belongs there; RangeError when no weekday is open
 */
export function projectSupply(input: DaysSupplyInput): { readonly full_days: number };
export function projectSupply(input: RunOutInput): RunOut;
export function projectSupply(input: OrderByInput): OrderBy;
export function projectSupply(input: ReorderPointInput): { readonly reorder_point: number };
export function projectSupply(input: SupplyQuestion): SupplyAnswer;
export function projectSupply(input: SupplyQuestion): SupplyAnswer {
  const read = new PlainInput(AT, input);
  const asked = QUESTIONS.filter(({ member }) => read.has(member));
  const [question] = asked;
  const unanswered = QUESTIONS.find(({ member }) => read.names(member));
  if (!question && unanswered) read.fail(unanswered.member, unanswered.expected);
  if (!question || asked.length > 1)
    throw new TypeError(`${AT}: send exactly one of ${QUESTIONS.map(({ member }) => member).join(', ')}.`);
  return question.answer(read);
}

/** Each question by the member that only it has. */
const QUESTIONS: readonly {
  readonly member: string;
  readonly expected: string;
  readonly answer: (read: PlainInput) => SupplyAnswer;
}[] = [
  { member: 'quantity', expected: 'a number of units', answer: daysSupplyOf },
  { member: 'current_supply', expected: 'a number of units', answer: runOutOf },
  { member: 'first_uncovered_date', expected: SUPPORTED_DATES, answer: orderByOf },
  {
    member: 'daily_use',
    expected: 'a number of units',
    answer: (read) => ({ reorder_point: reorderPoint(reorderInput(read)) }),
  },
];

function daysSupplyOf(read: PlainInput): { readonly full_days: number } {
  read.refuseMisspelt('discard_after_days');
  const use = times(read.positive('units_per_dose'), read.positive('doses_per_day'));
  const days = wholeQuotient(read.quantity('quantity'), use);
  const fullDays = Math.min(days, discardDays(read) ?? Infinity);
  return Number.isSafeInteger(fullDays)
    ? { full_days: fullDays }
    : read.fail('quantity', 'a quantity whose days can be counted: it is too large for so small a use');
}

function runOutOf(read: PlainInput): RunOut {
  read.refuseMisspelt('doses_taken_today', 'discard_after_days', 'opened_on');
  const discard = discardDays(read);
  read.positive('units_per_dose');
  read.positive('doses_per_day');
  const answer = runOut({
    today: read.date('today').toString(),
    current_supply: amount(read, 'current_supply'),
    units_per_dose: amount(read, 'units_per_dose'),
    doses_per_day: amount(read, 'doses_per_day'),
    doses_taken_today: read.has('doses_taken_today') ? amount(read, 'doses_taken_today') : 0,
    ...(discard !== undefined && { discard_after_days: discard }),
    ...(read.has('opened_on') && { opened_on: openedOn(read) }),
  });
  const end = calendarDate(answer.first_uncovered_date);
  return end && isSupportedDate(end)
    ? answer
    : read.fail('current_supply', `an amount that ends on ${SUPPORTED_DATES}`);
}

function openedOn(read: PlainInput): string {
  const opened = read.date('opened_on').toString();
  return opened <= read.date('today').toString()
    ? opened
    : read.fail('opened_on', 'a date up to `today`: a package that is not open yet is thrown away later');
}

const discardDays = (read: PlainInput): number | undefined =>
  read.has('discard_after_days') ? read.wholeNumber('discard_after_days') : undefined;

function orderByOf(read: PlainInput): OrderBy {
  read.refuseMisspelt('closed_weekdays', 'holidays');
  const holidays = read.list('holidays', (entry, at) => dateEntry(entry, at).toString());
  return orderBy({
    today: read.date('today').toString(),
    first_uncovered_date: read.date('first_uncovered_date').toString(),
    lead_time_days: read.wholeNumber('lead_time_days'),
    safety_days: read.wholeNumber('safety_days'),
    closed_weekdays: read.list('closed_weekdays', weekdayEntry),
    holidays,
  });
}

function weekdayEntry(value: unknown, at: string): string {
  const weekday = WEEKDAY_CODES.find((code) => code === value);
  if (weekday === undefined) throw new TypeError(`${at} is not one of ${WEEKDAY_CODES.join(', ')}.`);
  return weekday;
}

const reorderInput = (read: PlainInput): ReorderPointInput => ({
  daily_use: amount(read, 'daily_use'),
  lead_time_days: read.wholeNumber('lead_time_days'),
  safety_stock_units: amount(read, 'safety_stock_units'),
});

/** The member as text, so that nothing of it is lost on the way. */
function amount(read: PlainInput, name: string): string {
  const { numerator, denominator } = read.quantity(name);
  return `${numerator.toFixed()}/${denominator.toFixed()}`;
}

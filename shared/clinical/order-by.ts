import { Temporal } from 'temporal-polyfill';
import { WEEKDAY_CODES } from './weekdays.ts';

export interface OrderByInput {
  readonly today: string;
  readonly first_uncovered_date: string;
  readonly lead_time_days: number;
  readonly safety_days: number;
  readonly closed_weekdays: readonly string[];
  readonly holidays: readonly string[];
}

export interface OrderBy {
  /** Local date. */
  readonly order_by: string;
  /** `overdue`: it lies before today. */
  readonly status: 'ok' | 'overdue';
}

/**
 * The latest open day on which to order: the first uncovered date less lead time and safety, moved back to an open day.
 * @throws RangeError when no weekday is open
 */
export function orderBy(input: OrderByInput): OrderBy {
  if (WEEKDAY_CODES.every((day) => input.closed_weekdays.includes(day))) {
    throw new RangeError('closed_weekdays leaves no open day: every weekday is closed.');
  }
  let date = Temporal.PlainDate.from(input.first_uncovered_date).subtract({
    days: input.lead_time_days + input.safety_days,
  });
  while (isClosed(date, input)) date = date.subtract({ days: 1 });
  return { order_by: date.toString(), status: date.toString() < input.today ? 'overdue' : 'ok' };
}

function isClosed(date: Temporal.PlainDate, { closed_weekdays, holidays }: OrderByInput): boolean {
  const weekday = WEEKDAY_CODES[date.dayOfWeek - 1];
  return holidays.includes(date.toString()) || (weekday !== undefined && closed_weekdays.includes(weekday));
}

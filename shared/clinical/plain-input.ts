import { Temporal } from 'temporal-polyfill';
import { type Ratio, ratio } from './decimal.ts';
import { editDistance } from './names/similarity.ts';
import { calendarDate, isSupportedDate, SUPPORTED_DATES } from './supported-dates.ts';

/**
 * What a caller handed to a door, read member by member. Each problem is a `TypeError` that names the function, the
 * member and what belongs there, and never repeats a value.
 */
export class PlainInput {
  readonly #at: string;
  readonly #members: ReadonlyMap<string, unknown>;

  /** @param at what is read, as errors call it: the function's name, or a path in its input */
  constructor(at: string, input: unknown) {
    if (typeof input !== 'object' || input === null || Array.isArray(input))
      throw new TypeError(`${at}: send one plain object.`);
    this.#at = at;
    this.#members = new Map(Object.entries(input));
  }

  /** Whether the member is there; `undefined` and `null` count as absent. */
  has(name: string): boolean {
    return (this.#members.get(name) ?? undefined) !== undefined;
  }

  /** Whether the member is named at all, be it with `undefined` or `null`. */
  names(name: string): boolean {
    return this.#members.has(name);
  }

  /** @throws TypeError */
  fail(name: string, expected: string): never {
    const state = this.has(name) ? 'is not' : 'is missing; send';
    throw new TypeError(`${this.#at}: \`${name}\` ${state} ${expected}.`);
  }

  /**
   * Refuses a member whose name is nearly that of an optional one that is absent: it would count as left out. Any other
   * member may say of the input what it likes.
   * @throws TypeError
   */
  refuseMisspelt(...optional: readonly string[]): void {
    const names = [...this.#members.keys()].filter((name) => this.has(name)).map(plainName);
    for (const name of optional.filter((one) => !this.has(one))) {
      const plain = plainName(name);
      const limit = Math.min(2, Math.floor(plain.length / 4));
      if (names.some((sent) => editDistance(sent, plain, limit) <= limit))
        throw new TypeError(`${this.#at}: a member is misspelt; write \`${name}\`.`);
    }
  }

  /** A number from 0 to a million millions, as a number, or as text: `0.5`, `1/7`. */
  quantity(name: string): Ratio {
    const value = this.#members.get(name);
    const read = quantityOf(value) ?? this.fail(name, 'a finite number of 0 or more');
    return isMeasurable(read) ? read : this.fail(name, MEASURABLE);
  }

  positive(name: string): Ratio {
    const value = this.quantity(name);
    return value.numerator.gt(0) ? value : this.fail(name, 'a number above 0');
  }

  wholeNumber(name: string): number {
    const value = this.#members.get(name);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > MOST_DAYS)
      return this.fail(name, `a whole number from 0 to ${MOST_DAYS}`);
    return value;
  }

  text(name: string): string {
    const value = this.#members.get(name);
    return typeof value === 'string' ? value : this.fail(name, 'text');
  }

  date(name: string): Temporal.PlainDate {
    const date = calendarDate(this.#members.get(name)) ?? this.fail(name, DATE);
    return isSupportedDate(date) ? date : this.fail(name, SUPPORTED_DATES);
  }

  /** A list, of which each entry is read by `read`; absent: empty. */
  list<T>(name: string, read: (entry: unknown, at: string) => T): readonly T[] {
    if (!this.has(name)) return [];
    const value = this.#members.get(name);
    if (!Array.isArray(value)) return this.fail(name, 'a list');
    return value.map((entry: unknown, index) => read(entry, `${this.#at}: \`${name}[${index}]\``));
  }
}

/** `discardAfterDays` is `discard_after_days`. */
const plainName = (name: string): string => name.replaceAll(/[_\s-]/g, '').toLowerCase();

/** Longest stretch of days that anything here is computed over: about a hundred years. */
const MOST_DAYS = 36_525;
/** Amounts beyond these are slips of the keyboard; within them no answer overflows. */
const [SMALLEST, LARGEST] = ['1e-12', '1e12'] as const;
const MEASURABLE = `0 or a number from ${SMALLEST} to ${LARGEST}; in a fraction, both parts`;
/** Digits enough for every number of JavaScript within the bounds. */
const MOST_CHARACTERS = 64;
const DATE = 'a date of the calendar, written YYYY-MM-DD';

function quantityOf(value: unknown): Ratio | undefined {
  try {
    if (typeof value === 'number') return ratio(value);
    if (typeof value === 'string' && value.length <= MOST_CHARACTERS) return ratio(value);
  } catch {
    // No quantity: the caller reports it.
  }
  return undefined;
}

const isMeasurable = ({ numerator, denominator }: Ratio): boolean =>
  [numerator, denominator].every((part) => part.eq(0) || (part.gte(SMALLEST) && part.lte(LARGEST)));

/** @param at the entry, as errors call it */
export function dateEntry(value: unknown, at: string): Temporal.PlainDate {
  const date = calendarDate(value);
  if (!date) throw new TypeError(`${at} is not ${DATE}.`);
  if (!isSupportedDate(date)) throw new TypeError(`${at} is not ${SUPPORTED_DATES}.`);
  return date;
}

/** A first and a last date, both inclusive. */
export function datePair(value: unknown, at: string): readonly [Temporal.PlainDate, Temporal.PlainDate] {
  if (!Array.isArray(value) || value.length !== 2)
    throw new TypeError(`${at} is not a pair of dates: the first and the last day.`);
  const [first, last] = [dateEntry(value[0], `${at}[0]`), dateEntry(value[1], `${at}[1]`)];
  if (Temporal.PlainDate.compare(last, first) < 0)
    throw new TypeError(`${at} ends before it begins: send the first day, then the last.`);
  if (first.until(last, { largestUnit: 'day' }).days > MOST_DAYS)
    throw new TypeError(`${at} is longer than ${MOST_DAYS} days.`);
  return [first, last];
}

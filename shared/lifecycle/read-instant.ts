import { type Instant, instantOf } from './instant.ts';

/**
 * The form in which a point in time is taken from outside, everywhere: ISO 8601 date and time with `T` between them and
 * an offset or `Z` behind, seconds and their fraction optional (`2026-03-01T00:00Z`, `2026-03-01T01:30:00.250+01:00`).
 * Schemas and the code below take it from here, so they cannot differ.
 */
export const INSTANT_PATTERN =
  '^(\\d{4})-(\\d{2})-(\\d{2})T(\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?(Z|[+-]\\d{2}:\\d{2})$';
/** The longest text that fits the pattern. */
export const INSTANT_MAX_LENGTH = 35;
/** The form in words, for whoever sent another one. */
export const INSTANT_FORM = 'Give an ISO 8601 date and time with its offset, such as 2026-01-31T08:00:00Z.';

export type ReadInstant =
  | { readonly ok: true; readonly instant: Instant }
  | { readonly ok: false; readonly code: 'wrong_format' | 'invalid_instant'; readonly detail: string };

/**
 * Reads a point in time that came from outside. What no calendar or clock shows is refused and not guessed at:
 * `Date.parse` would turn 30 February into 2 March. Fractions finer than a millisecond are rounded up: what is stored has
 * whole milliseconds, so `from` and `to` of a half-open range then hold exactly the same of it, and nothing runs early.
 */
export function readInstant(text: string): ReadInstant {
  const match = PARTS.exec(text);
  if (!match) return { ok: false, code: 'wrong_format', detail: INSTANT_FORM };
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(numberOf);
  const [, , , , , , , fraction = '', offset = 'Z'] = match;
  const [offsetHours = 0, offsetMinutes = 0] = offset === 'Z' ? [] : offset.slice(1).split(':').map(Number);
  if (!dayExists(year, month, day)) return refused('The calendar has no such day.');
  if (second === 60) return refused('Leap seconds are not taken: give second 59, or 00 of the next minute.');
  if (hour > 23 || minute > 59 || second > 59)
    return refused('No clock shows this time: hours go from 00 to 23, minutes and seconds from 00 to 59.');
  if (offsetHours > 23 || offsetMinutes > 59)
    return refused('There is no such offset: it lies between -23:59 and +23:59.');
  const digits = fraction.padEnd(9, '0');
  const finer = Number(digits.slice(3)) > 0 ? 1 : 0;
  const seconds = `${text.slice(0, 16)}:${String(second).padStart(2, '0')}.${digits.slice(0, 3)}`;
  const epochMs = Date.parse(`${seconds}${offset}`) + finer;
  // Beyond these years the text of an instant has another width, and text order is no longer time order.
  if (epochMs < EARLIEST_MS || epochMs > LATEST_MS)
    return refused('In UTC the time must lie in the years 0000 to 9999.');
  return { ok: true, instant: instantOf(epochMs) };
}

const PARTS = new RegExp(INSTANT_PATTERN);

const EARLIEST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const numberOf = (digits: string | undefined): number => Number(digits ?? 0);

const refused = (detail: string): ReadInstant => ({ ok: false, code: 'invalid_instant', detail });

function dayExists(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

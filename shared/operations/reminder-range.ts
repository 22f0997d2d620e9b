import { plusDays, startOfDay } from '../clinical/index.ts';
import { type Problem, ProblemError } from '../errors/problem-error.ts';
import { addSeconds, type Instant, secondsBetween } from '../lifecycle/instant.ts';

/** Which reminders are asked for. A limit may be an instant, or a local date `YYYY-MM-DD` of the user. */
export interface ReminderQuery {
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** Doses due at `from` or later and before `to`, of one page. */
export interface ReminderRange {
  readonly from: Instant;
  readonly to: Instant;
  /** The last reminder of the page before. */
  readonly after?: string;
}

const DAY_SECONDS = 86_400;
const DEFAULT_DAYS = 7;
/** The longest span that is answered at once; an hour more, because days of a change of the clock are longer. */
export const LONGEST_DAYS = 62;
const LONGEST_SECONDS = LONGEST_DAYS * DAY_SECONDS + 3600;

/** Whether a limit is a local date, for which the user's zone has to be known. */
export const isDate = (text: string | undefined): text is string => text?.length === 10;

/**
 * The range that a query asks for: a cursor carries its own; without limits seven days before and after now; with one
 * limit fourteen days from it. A date as `to` is meant with the whole day.
 * @throws ProblemError `invalid_input` when the range is empty or longer than 62 days, or the cursor is none of ours
 */
export function rangeOf(query: ReminderQuery, timeZone: string, now: Instant): ReminderRange {
  if (query.cursor !== undefined) return decodeReminderCursor(query.cursor);
  const given = (text: string, days: number): Instant =>
    isDate(text) ? startOfDay(plusDays(text, days), timeZone) : text;
  const asked = {
    from: query.from === undefined ? undefined : given(query.from, 0),
    to: query.to === undefined ? undefined : given(query.to, 1),
  };
  const span = DEFAULT_DAYS * DAY_SECONDS;
  const from = asked.from ?? addSeconds(asked.to ?? now, asked.to === undefined ? -span : -2 * span);
  const to = asked.to ?? addSeconds(asked.from ?? now, asked.from === undefined ? span : 2 * span);
  if (from >= to) throw wrong('/to', 'not_after_from', '"to" has to lie after "from".');
  if (secondsBetween(from, to) > LONGEST_SECONDS)
    throw wrong('/to', 'range_too_long', `Ask for at most ${LONGEST_DAYS} days.`);
  return { from, to };
}

/** Opaque to callers. */
export const encodeReminderCursor = (range: Required<ReminderRange>): string =>
  Buffer.from(JSON.stringify([range.from, range.to, range.after])).toString('base64url');

const CURSOR_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const CURSOR_ID = /^\d{4}-\d\d-\d\d_[A-Za-z0-9_-]+$/;

function decodeReminderCursor(text: string): ReminderRange {
  const [from, to, after] = parse(text);
  const fits =
    isText(from, CURSOR_INSTANT) &&
    isText(to, CURSOR_INSTANT) &&
    isText(after, CURSOR_ID) &&
    from < to &&
    secondsBetween(from, to) <= LONGEST_SECONDS;
  if (fits) return { from, to, after };
  throw wrong(
    '/cursor',
    'invalid_cursor',
    'The cursor is not one that this API gave: begin again without one.',
  );
}

const isText = (value: unknown, form: RegExp): value is string =>
  typeof value === 'string' && form.test(value);

function parse(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    // No JSON: none of ours.
    return [];
  }
}

const wrong = (pointer: string, code: string, detail: string): ProblemError => {
  const problem: Problem = { pointer, code, detail };
  return new ProblemError('invalid_input', 'The query does not fit its documented form; see problems.', {
    problems: [problem],
  });
};

import type { ApiEvent } from '#functions/http/api-event.ts';
import { type ReadParameter, readQuery } from '#functions/http/read-query.ts';
import { readInstant } from '#shared/lifecycle/read-instant.ts';
import type { ReminderQuery } from '#shared/operations/reminder-range.ts';

const DEFAULT_LIMIT = 100;
const MOST_REMINDERS = 200;
const LONGEST_CURSOR = 1_024;

/** @throws ProblemError `invalid_input` with a problem for every parameter that is unknown, repeated or unreadable */
export function readReminderQuery(event: ApiEvent): ReminderQuery {
  const { limit, ...rest } = readQuery(event, PARAMETERS);
  return { limit: Number(limit ?? DEFAULT_LIMIT), ...rest };
}

/** A local date stays one: which instants it means depends on the user's zone. */
const limitOfRange: ReadParameter = (text) => {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const read = readInstant(isDate ? `${text}T00:00Z` : text);
  if (read.ok) return { value: isDate ? text : read.instant };
  const { code, detail } = read;
  const forms = `${detail} A date such as 2026-01-31 is taken, too; in a URL "+" is written %2B.`;
  return { fault: { code, detail: code === 'wrong_format' ? forms : detail } };
};

const fitting =
  (fits: (text: string) => boolean, detail: string): ReadParameter =>
  (text) =>
    fits(text) ? { value: text } : { fault: { code: 'invalid_value', detail } };

const PARAMETERS = {
  from: limitOfRange,
  to: limitOfRange,
  limit: fitting(
    (text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= MOST_REMINDERS,
    `Give a whole number from 1 to ${MOST_REMINDERS}.`,
  ),
  cursor: fitting(
    (text) => text.length <= LONGEST_CURSOR && /^[\w-]+$/.test(text),
    'Give the next_cursor of the page before, unchanged.',
  ),
} as const satisfies Record<string, ReadParameter>;

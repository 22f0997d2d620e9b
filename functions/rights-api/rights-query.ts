import type { ApiEvent } from '#functions/http/api-event.ts';
import { type ReadParameter, readQuery } from '#functions/http/read-query.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import { readInstant } from '#shared/lifecycle/read-instant.ts';
import type { ExportQuery } from '#shared/operations/export-user.ts';
import type { DisclosureQuery } from '#shared/operations/list-disclosures.ts';

const MOST_ITEMS = 500;
const MOST_DISCLOSURES = 200;
const DEFAULT_LIMIT = 100;

/** @throws ProblemError `invalid_input` with a problem for every parameter that is unknown, repeated or unreadable */
export function readExportQuery(event: ApiEvent): ExportQuery {
  const found = readQuery(event, { format, limit: limitUpTo(MOST_ITEMS), cursor });
  return {
    format: found.format === 'fhir' ? 'fhir' : 'json',
    limit: Number(found.limit ?? DEFAULT_LIMIT),
    ...(found.cursor !== undefined && { cursor: found.cursor }),
  };
}

/** @throws ProblemError `invalid_input`, also when the end is not later than the beginning */
export function readDisclosureQuery(event: ApiEvent): DisclosureQuery {
  const parameters = { from: instant, to: instant, limit: limitUpTo(MOST_DISCLOSURES), cursor };
  const { limit = DEFAULT_LIMIT, ...rest } = readQuery(event, parameters);
  if (rest.from !== undefined && rest.to !== undefined && rest.from >= rest.to)
    throw new ProblemError('invalid_input', 'The query does not fit its documented form; see problems.', {
      problems: [{ pointer: '/to', code: 'invalid_value', detail: 'The end must be later than "from".' }],
    });
  return { limit: Number(limit), ...rest };
}

const fitting =
  (pattern: RegExp, code: string, detail: string): ReadParameter =>
  (text) =>
    pattern.test(text) ? { value: text } : { fault: { code, detail } };

const format = fitting(/^(json|fhir)$/, 'invalid_value', 'Use json or fhir.');

const cursor = fitting(
  /^[A-Za-z0-9_-]{1,1024}$/,
  'invalid_cursor',
  'Give the next_cursor of the page before, unchanged.',
);

const limitUpTo =
  (most: number): ReadParameter =>
  (text) =>
    /^[1-9]\d{0,2}$/.test(text) && Number(text) <= most
      ? { value: text }
      : { fault: { code: 'invalid_value', detail: `Give a whole number from 1 to ${most}.` } };

const instant: ReadParameter = (text) => {
  const read = readInstant(text);
  if (read.ok) return { value: read.instant };
  // A plus that stands bare in a query arrives as a space.
  const hint = read.code === 'wrong_format' ? ' In a URL "+" is written %2B.' : '';
  return { fault: { code: read.code, detail: `${read.detail}${hint}` } };
};

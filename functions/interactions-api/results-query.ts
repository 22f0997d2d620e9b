import type { ApiEvent } from '#functions/http/api-event.ts';
import { type ReadParameter, readQuery } from '#functions/http/read-query.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import { readInstant } from '#shared/lifecycle/read-instant.ts';
import { RECALL_NAME_PATTERN } from '#shared/operations/bodies/recheck.ts';
import { demandSubject, type ResultsQuery } from '#shared/operations/find-interaction-results.ts';

const MOST_RESULTS = 100;
const DEFAULT_LIMIT = 25;
const NAME_FORM = new RegExp(RECALL_NAME_PATTERN);

const name: ReadParameter = (text) =>
  NAME_FORM.test(text)
    ? { value: text }
    : {
        fault: {
          code: 'invalid_value',
          detail: 'Use it as results carry it: 1 to 200 letters, digits and . + : @ / _ -',
        },
      };

const instant: ReadParameter = (text) => {
  const read = readInstant(text);
  if (read.ok) return { value: read.instant };
  // A plus that stands bare in a query arrives as a space.
  const hint = read.code === 'wrong_format' ? ' In a URL "+" is written %2B.' : '';
  return { fault: { code: read.code, detail: `${read.detail}${hint}` } };
};

const limit: ReadParameter = (text) =>
  /^[1-9]\d{0,2}$/.test(text) && Number(text) <= MOST_RESULTS
    ? { value: text }
    : { fault: { code: 'invalid_value', detail: `Give a whole number from 1 to ${MOST_RESULTS}.` } };

const cursor: ReadParameter = (text) =>
  /^[\w-]{1,400}$/.test(text)
    ? { value: text }
    : { fault: { code: 'invalid_cursor', detail: 'Give the next_cursor of the page before, unchanged.' } };

/**
 * The filters of `GET /interaction-results`.
 * @throws ProblemError `invalid_input` with a problem for every parameter that is unknown, repeated or unreadable
 */
export function readResultsQuery(event: ApiEvent): ResultsQuery {
  refuseBody(event);
  const found = readQuery(event, { rule: name, data_set: name, from: instant, to: instant, limit, cursor });
  const { rule, data_set: dataSet, from, to } = found;
  const subject = { ...(rule !== undefined && { rule }), ...(dataSet !== undefined && { dataSet }) };
  demandSubject(subject);
  if (from !== undefined && to !== undefined && from >= to)
    throw new ProblemError('invalid_input', 'The query does not fit its documented form; see problems.', {
      problems: [{ pointer: '/to', code: 'invalid_value', detail: 'The end must be later than "from".' }],
    });
  return {
    ...subject,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    limit: Number(found.limit ?? DEFAULT_LIMIT),
    ...(found.cursor !== undefined && { cursor: found.cursor }),
  };
}

import type { ApiEvent } from '#functions/http/api-event.ts';
import { type ReadParameter, readQuery } from '#functions/http/read-query.ts';
import { refuseBody } from '#functions/http/refuse-body.ts';
import { REVIEW_STATUSES } from '#shared/evidence/break-glass.ts';
import type { BreakGlassQuery } from '#shared/operations/list-break-glass.ts';

const MOST_GRANTS = 100;
const DEFAULT_LIMIT = 25;

const status: ReadParameter = (text) =>
  REVIEW_STATUSES.some((one) => one === text)
    ? { value: text }
    : { fault: { code: 'invalid_value', detail: `Use one of: ${REVIEW_STATUSES.join(', ')}.` } };

const limit: ReadParameter = (text) =>
  /^[1-9]\d{0,2}$/.test(text) && Number(text) <= MOST_GRANTS
    ? { value: text }
    : { fault: { code: 'invalid_value', detail: `Give a whole number from 1 to ${MOST_GRANTS}.` } };

const cursor: ReadParameter = (text) =>
  /^[\w-]{1,200}$/.test(text)
    ? { value: text }
    : { fault: { code: 'invalid_cursor', detail: 'Give the next_cursor of the page before, unchanged.' } };

/**
 * The filters of `GET /break-glass`; those that wait for a review and are still in time unless said otherwise.
 * @throws ProblemError `invalid_input` with a problem for every parameter that is unknown, repeated or unreadable
 */
export function readBreakGlassQuery(event: ApiEvent): BreakGlassQuery {
  refuseBody(event);
  const found = readQuery(event, { status, limit, cursor });
  return {
    status: REVIEW_STATUSES.find((one) => one === found.status) ?? 'open',
    limit: Number(found.limit ?? DEFAULT_LIMIT),
    ...(found.cursor !== undefined && { cursor: found.cursor }),
  };
}

import type { ApiEvent } from '#functions/http/api-event.ts';
import { validStaffBody } from '#functions/http/valid-staff-body.ts';
import { type Problem, ProblemError } from '#shared/errors/problem-error.ts';
import type { JobKind } from '#shared/jobs/define-job-kind.ts';
import type { JobSearchBody } from '#shared/operations/bodies/job-search.ts';
import { bodyInstant } from '#shared/operations/body-instant.ts';
import type { JobFilter } from '#shared/operations/bulk-ports.ts';
import type { ListQuery } from '#shared/operations/list-jobs.ts';
import { DEFAULT_LIMIT } from './list-query.ts';

/**
 * The body of `POST /jobs/search`.
 * @throws ProblemError `invalid_input`, and what `validStaffBody` throws
 */
export function readSearch(
  event: ApiEvent,
  kinds: ReadonlyMap<string, JobKind>,
): ListQuery & { readonly userId: string } {
  const { user_id: userId, limit = DEFAULT_LIMIT, cursor, ...given } = validStaffBody(event, 'searchJobs');
  const filter = filterIn(given, '', kinds);
  return { userId, limit, ...filter, ...(cursor !== undefined && { cursor }) };
}

/**
 * A filter whose schema has looked at its form.
 * @throws ProblemError `invalid_input` when a kind, day or time is none, or the end comes before the beginning
 */
export function filterIn(
  given: Omit<JobSearchBody, 'user_id' | 'limit' | 'cursor'>,
  at: string,
  kinds: ReadonlyMap<string, JobKind>,
): JobFilter {
  const problems: Problem[] = [];
  const from = bodyInstant(given.from, `${at}/from`, problems);
  const to = bodyInstant(given.to, `${at}/to`, problems);
  if (from !== undefined && to !== undefined && from >= to)
    problems.push({
      pointer: `${at}/to`,
      code: 'invalid_value',
      detail: 'The end must be later than "from".',
    });
  const { kind, status, priority, error_code: errorCode } = given;
  if (kind !== undefined && !kinds.has(kind))
    problems.push({ pointer: `${at}/kind`, code: 'invalid_value', detail: 'Name a job kind.' });
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems,
    });
  return {
    ...(kind !== undefined && { kind }),
    ...(status !== undefined && { status }),
    ...(priority !== undefined && { priority }),
    ...(errorCode !== undefined && { errorCode }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

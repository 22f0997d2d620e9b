import { problemType } from '#shared/contract/problem-type.ts';
import { PROBLEMS, ProblemError } from '#shared/errors/problem-error.ts';
import type { SentAnswer } from './api-answer.ts';
import { listedProblems } from './listed-problems.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** What a caller is told of an error that is ours: nothing but the id under which it stands in the logs. */
const INTERNAL_DETAIL =
  'Something failed on our side. Try again later, or name the correlation id to support.';

/** For whoever is asked to come back and was not told when. */
const RETRY_AFTER_SECONDS = '30';

/** Whatever was thrown, as the error that the caller is told of. Anything that is not a `ProblemError` is ours. */
export const asProblem = (error: unknown): ProblemError =>
  error instanceof ProblemError
    ? error
    : new ProblemError('internal_error', INTERNAL_DETAIL, { cause: error });

/**
 * The answer for an error as RFC 9457 `application/problem+json`, with the members `type`, `title`, `status`, `detail`,
 * `code` and `correlation_id`, and `problems` when single fields are named; `problems_not_listed` says how many more there
 * are. A 500 never says what failed.
 */
export function problemResponse(error: ProblemError, correlationId: string): SentAnswer {
  const { status, title } = PROBLEMS[error.code];
  const { listed, more } = listedProblems(error.problems);
  const body = {
    type: problemType(error.code),
    title,
    status,
    detail: error.code === 'internal_error' ? INTERNAL_DETAIL : `${error.message}${moreSentence(more)}`,
    code: error.code,
    correlation_id: correlationId,
    ...(listed.length > 0 && { problems: listed }),
    ...(more > 0 && { problems_not_listed: more }),
  };
  return {
    statusCode: status,
    headers: {
      ...SECURITY_HEADERS,
      ...(status === 429 && { 'retry-after': RETRY_AFTER_SECONDS }),
      ...error.headers,
      'content-type': 'application/problem+json',
    },
    body: JSON.stringify(body),
  };
}

const moreSentence = (more: number): string => (more > 0 ? ` Not listed: ${more} more.` : '');

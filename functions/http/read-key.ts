import { ProblemError } from '#shared/errors/problem-error.ts';
import type { ApiEvent } from './api-event.ts';
import { readIdempotencyKey } from './idempotency-key.ts';

/** The header `Idempotency-Key`, when it was sent. @throws ProblemError `invalid_input` */
export function readKey(event: ApiEvent): string | undefined {
  const { key, problems } = readIdempotencyKey(event);
  if (problems.length === 0) return key;
  throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
    problems,
  });
}

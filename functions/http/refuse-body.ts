import { ProblemError } from '#shared/errors/problem-error.ts';
import type { ApiEvent } from './api-event.ts';
import { pointerTo } from './pointer.ts';
import { hasBody, readBody } from './read-body.ts';

/**
 * For routes that take no body: none, or an empty object, which some clients cannot help sending.
 * @throws ProblemError `invalid_input` for any field, and what `readBody` throws
 */
export function refuseBody(event: ApiEvent): void {
  if (!hasBody(event)) return;
  const { value } = readBody(event);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const names = isObject ? Object.keys(value) : undefined;
  if (names?.length === 0) return;
  const detail = 'This route takes no body.';
  throw new ProblemError('invalid_input', detail, {
    problems: (names ?? ['']).map((name) => ({
      pointer: names ? pointerTo('', name) : '',
      code: names ? 'unknown_field' : 'wrong_type',
      detail,
    })),
  });
}

import type { Problem } from '#shared/errors/problem-error.ts';
import type { ApiEvent } from './api-event.ts';
import { headerValues, repeatedHeader } from './sole-header.ts';

/** Without commas: a proxy may make one line of two headers, and then nobody can tell two keys from one. */
const IDEMPOTENCY_KEY = /^[\x20-\x2b\x2d-\x7e]{1,255}$/;

/**
 * The header `Idempotency-Key`, or what is wrong with it. Of two keys nobody can say which one is meant, so a second one
 * is refused even when it is the same.
 */
export function readIdempotencyKey(event: ApiEvent): {
  readonly key?: string;
  readonly problems: readonly Problem[];
} {
  const [key, ...more] = headerValues(event, 'Idempotency-Key');
  if (more.length > 0) return { problems: [repeatedHeader('Idempotency-Key')] };
  if (key === undefined) return { problems: [] };
  if (IDEMPOTENCY_KEY.test(key)) return { key, problems: [] };
  const detail = 'Header Idempotency-Key: send one of 1 to 255 printable ASCII characters without commas.';
  return { problems: [{ pointer: '', code: 'invalid_idempotency_key', detail }] };
}

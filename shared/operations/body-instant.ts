import type { Problem } from '../errors/problem-error.ts';
import type { Instant } from '../lifecycle/instant.ts';
import { readInstant } from '../lifecycle/read-instant.ts';

/**
 * A point in time out of a body whose schema has looked at its form; whether there is such a day and time is seen here.
 * @param problems gets what is wrong with it
 */
export function bodyInstant(
  text: string | undefined,
  pointer: string,
  problems: Problem[],
): Instant | undefined {
  if (text === undefined) return undefined;
  const read = readInstant(text);
  if (read.ok) return read.instant;
  problems.push({ pointer, code: read.code, detail: read.detail });
  return undefined;
}

/** One that may not lie in the future. */
export function pastInstant(
  text: string | undefined,
  pointer: string,
  now: Instant,
  problems: Problem[],
): Instant | undefined {
  const instant = bodyInstant(text, pointer, problems);
  if (instant === undefined || instant <= now) return instant;
  problems.push({ pointer, code: 'in_future', detail: 'Give a time that is not in the future.' });
  return undefined;
}

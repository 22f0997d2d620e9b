import { type Problem, ProblemError } from '#shared/errors/problem-error.ts';
import { type ApiEvent, headerOf } from './api-event.ts';

/**
 * The one value of a header that decides something. API Gateway's plain list holds only the last of several, so a proxy
 * before it and the function behind it could each go by another one. Repetitions that say the same do no harm.
 * @throws ProblemError `invalid_input` when the header was sent with different values
 */
export function soleHeader(event: ApiEvent, name: 'Content-Type'): string | undefined {
  const [value, ...others] = distinctValues(event, name);
  if (others.length > 0)
    throw new ProblemError('invalid_input', `The header ${name} was sent with different values.`, {
      problems: [repeatedHeader(name)],
    });
  return value;
}

/** What such a header says, each value once. */
export function distinctValues(event: ApiEvent, name: keyof typeof JOINED): readonly string[] {
  const values = headerValues(event, name).flatMap((value) => value.split(JOINED[name]));
  return [...new Set(values.map((value) => value.trim()))];
}

/** Where two values meet when a proxy has made one line of two headers, as RFC 9110, section 5.3, allows. */
const JOINED = { Authorization: /,\s*(?=Bearer\s)/i, 'Content-Type': /,\s*/ } as const;

/** Every value in the order of sending, also when the name was spelled in several ways. */
export function headerValues(event: ApiEvent, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  const all = Object.entries(event.multiValueHeaders ?? {}).flatMap(([key, values]) =>
    key.toLowerCase() === wanted ? (values ?? []) : [],
  );
  const last = headerOf(event, name);
  return all.length > 0 || last === undefined ? all : [last];
}

/** A header has no pointer into the body: the problem names it in words. */
export const repeatedHeader = (name: string): Problem => ({
  pointer: '',
  code: 'repeated_header',
  detail: `Header ${name}: send it once.`,
});

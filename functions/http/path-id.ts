import { ProblemError } from '#shared/errors/problem-error.ts';
import type { ApiEvent } from './api-event.ts';

const FORMS = {
  user_id: { pattern: /^[A-Za-z0-9_-]{1,64}$/, detail: 'Use 1 to 64 letters, digits, "_" or "-".' },
  medication_id: { pattern: /^[A-Za-z0-9_-]{1,64}$/, detail: 'Use 1 to 64 letters, digits, "_" or "-".' },
  job_id: { pattern: /^[0-9A-HJKMNP-TV-Z]{26}$/, detail: 'Use the job_id of a 202 answer: a ULID.' },
} as const satisfies Record<string, { pattern: RegExp; detail: string }>;

export const isJobId = (text: string): boolean => FORMS.job_id.pattern.test(text);

/**
 * An id out of the path.
 * @throws ProblemError `invalid_input` when it has another shape
 */
export function pathId(event: ApiEvent, name: keyof typeof FORMS): string {
  const value = event.pathParameters?.[name] ?? '';
  const { pattern, detail } = FORMS[name];
  if (pattern.test(value)) return value;
  throw new ProblemError('invalid_input', `The ${name} in the path does not have its documented form.`, {
    problems: [{ pointer: `/${name}`, code: 'wrong_format', detail }],
  });
}

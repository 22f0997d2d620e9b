import { ProblemError } from '#shared/errors/problem-error.ts';
import { ID_PATTERN } from '#shared/jobs/schema-members.ts';
import { isPriority, PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import type { ApiEvent } from './api-event.ts';

const ID = { pattern: new RegExp(ID_PATTERN), detail: 'Use 1 to 64 letters, digits, "_" or "-".' };

const FORMS = {
  user_id: ID,
  medication_id: ID,
  reminder_id: {
    pattern: /^[A-Za-z0-9_-]{1,160}$/,
    detail: 'Use a reminder_id of the list of reminders or of a message.',
  },
  job_id: { pattern: /^[0-9A-HJKMNP-TV-Z]{26}$/, detail: 'Use the job_id of a 202 answer: a ULID.' },
  import_id: { pattern: /^[0-9A-HJKMNP-TV-Z]{26}$/, detail: 'Use the import_id of a 202 answer: a ULID.' },
  bulk_action_id: {
    pattern: /^[0-9A-HJKMNP-TV-Z]{26}$/,
    detail: 'Use the bulk_action_id of a 202 answer: a ULID.',
  },
  grant_id: { pattern: /^[0-9A-HJKMNP-TV-Z]{26}$/, detail: 'Use the grant_id of a 201 answer: a ULID.' },
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

/**
 * A priority out of the path, in capitals as everywhere.
 * @throws ProblemError `invalid_input` when there is no such priority
 */
export function pathPriority(event: ApiEvent): Priority {
  const value = event.pathParameters?.['priority'] ?? '';
  if (isPriority(value)) return value;
  throw new ProblemError('invalid_input', 'The priority in the path is none.', {
    problems: [
      { pointer: '/priority', code: 'wrong_format', detail: `Use one of: ${PRIORITY_NAMES.join(', ')}.` },
    ],
  });
}

import type { ApiEvent } from '#functions/http/api-event.ts';
import { pointerTo } from '#functions/http/pointer.ts';
import { hasBody, readBody } from '#functions/http/read-body.ts';
import { type Problem, ProblemError } from '#shared/errors/problem-error.ts';

/**
 * The body of a pause: none, or `{"confirm": "<priority>"}`. Whether it is needed, and what must stand there, is not
 * decided here.
 * @throws ProblemError `invalid_input` for anything else, and what `readBody` throws
 */
export function readConfirmation(event: ApiEvent): { readonly confirm?: string } {
  if (!hasBody(event)) return {};
  const { value, problems } = readBody(event);
  const found: Problem[] = [...problems];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    found.push({ pointer: '', code: 'wrong_type', detail: 'Send a JSON object, or no body.' });
    throw invalid(found);
  }
  let confirm: string | undefined;
  for (const [name, member] of Object.entries(value)) {
    const pointer = pointerTo('', name);
    if (name !== 'confirm')
      found.push({ pointer, code: 'unknown_field', detail: 'This field is not allowed.' });
    else if (typeof member !== 'string')
      found.push({ pointer, code: 'wrong_type', detail: 'Use the name of the priority.' });
    else confirm = member;
  }
  if (found.length > 0) throw invalid(found);
  return confirm === undefined ? {} : { confirm };
}

const invalid = (problems: readonly Problem[]): ProblemError =>
  new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
    problems,
  });

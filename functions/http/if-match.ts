import { ProblemError } from '#shared/errors/problem-error.ts';
import type { ApiEvent } from './api-event.ts';
import { headerValues } from './sole-header.ts';

const TAGS = /^\s*(?:\*|(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*)\s*$/;
const LONGEST = 1024;

/**
 * The entity tags of the header `If-Match` (RFC 9110, section 13.1.1), or `*`; `undefined` when it was not sent. Weak
 * tags never match and are left as they are.
 * @throws ProblemError `invalid_input` when it is no list of tags
 */
export function ifMatchOf(event: ApiEvent): readonly string[] | undefined {
  const values = headerValues(event, 'If-Match');
  if (values.length === 0) return undefined;
  const text = values.join(',');
  if (text.length > LONGEST || !TAGS.test(text))
    throw new ProblemError('invalid_input', 'The header If-Match is no list of entity tags.', {
      problems: [
        {
          pointer: '',
          code: 'wrong_format',
          detail: 'Header If-Match: send the ETag with its quotation marks.',
        },
      ],
    });
  return text.split(',').map((tag) => tag.trim());
}

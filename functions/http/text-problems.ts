import type { Problem } from '#shared/errors/problem-error.ts';
import { pointerTo } from './pointer.ts';

// Cc of Unicode: C0, DEL and C1. No name, code or path of this API holds one, and logs and terminals obey some.
const CONTROL_CHARACTER = /\p{Cc}/u;

/** Strings with control characters or broken surrogate pairs, wherever they stand in `value`. */
export function textProblems(value: unknown, pointer = ''): Problem[] {
  if (typeof value === 'string') return problemsOfText(value, pointer);
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => textProblems(item, pointerTo(pointer, index)));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, item]) => textProblems(item, pointerTo(pointer, name)));
  return [];
}

function problemsOfText(text: string, pointer: string): Problem[] {
  if (!text.isWellFormed())
    return [{ pointer, code: 'invalid_text', detail: 'The text is not well-formed Unicode.' }];
  if (CONTROL_CHARACTER.test(text))
    return [{ pointer, code: 'control_character', detail: 'Control characters are not allowed.' }];
  return [];
}

import { ProblemError } from '../errors/problem-error.ts';

/** Where a report goes on. Opaque to callers. */
export const encodeImportCursor = (next: number): string =>
  Buffer.from(JSON.stringify({ next })).toString('base64url');

/** @throws ProblemError `invalid_input` when it is no cursor of ours */
export function decodeImportCursor(text: string): number {
  const next = parsed(text);
  if (typeof next === 'number' && Number.isSafeInteger(next) && next >= 0) return next;
  throw new ProblemError('invalid_input', 'The cursor is not one that this API gave.', {
    problems: [{ pointer: '/cursor', code: 'invalid_cursor', detail: 'Begin again without a cursor.' }],
  });
}

function parsed(text: string): unknown {
  try {
    return Object(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).next;
  } catch {
    return undefined;
  }
}

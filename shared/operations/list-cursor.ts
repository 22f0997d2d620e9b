import { ProblemError } from '../errors/problem-error.ts';

/** Where a list goes on. Opaque to callers; the store checks its own part of it again. */
export type ListCursor =
  | { readonly phase: 'own'; readonly index: number; readonly after?: string }
  | { readonly phase: 'open' | 'ended'; readonly index?: number; readonly after?: string };

export const encodeCursor = (cursor: ListCursor): string =>
  Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** @throws ProblemError `invalid_input` when it is no cursor of ours */
export function decodeCursor(text: string): ListCursor {
  const value = parse(text);
  const after = value?.['after'];
  const index = value?.['index'];
  const rest = typeof after === 'string' ? { after } : {};
  if (value?.['phase'] === 'own' && typeof index === 'number' && Number.isSafeInteger(index) && index >= 0)
    return { phase: 'own', index, ...rest };
  if (value?.['phase'] === 'open' || value?.['phase'] === 'ended') return { phase: value['phase'], ...rest };
  throw new ProblemError('invalid_input', 'The cursor is not one that this API gave.', {
    problems: [{ pointer: '/cursor', code: 'invalid_cursor', detail: 'Begin again without a cursor.' }],
  });
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

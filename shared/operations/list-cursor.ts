import { ProblemError } from '../errors/problem-error.ts';
import type { JobFilter } from './bulk-ports.ts';
import type { Engine } from './engine.ts';

/** Where a list goes on. Opaque to callers; the store checks its own part of it again. */
export type ListCursor =
  | { readonly phase: 'own'; readonly index: number; readonly after?: string }
  | { readonly phase: 'open' | 'ended'; readonly index?: number; readonly after?: string };

const OF_LENGTH = 12;

/**
 * Which list a cursor belongs to: under another filter its position would pass over jobs without a word.
 * @param whose the jobs that are looked through
 */
export const listOf = (
  refs: Pick<Engine['refs'], 'fingerprint'>,
  { kind, status, priority, errorCode, from, to }: JobFilter,
  whose: string,
): string =>
  refs.fingerprint(JSON.stringify([whose, kind, status, priority, errorCode, from, to])).slice(0, OF_LENGTH);

/** @param of as `listOf` gives it */
export const encodeCursor = (cursor: ListCursor, of: string): string =>
  Buffer.from(JSON.stringify({ ...cursor, of })).toString('base64url');

/** @throws ProblemError `invalid_input` when it is no cursor of ours, or of another list */
export function decodeCursor(text: string, of: string): ListCursor {
  const value = parse(text);
  if (value && value['of'] !== of) throw foreign('The cursor belongs to a list with another filter.');
  const after = value?.['after'];
  const index = value?.['index'];
  const rest = typeof after === 'string' ? { after } : {};
  if (value?.['phase'] === 'own' && typeof index === 'number' && Number.isSafeInteger(index) && index >= 0)
    return { phase: 'own', index, ...rest };
  if (value?.['phase'] === 'open' || value?.['phase'] === 'ended') return { phase: value['phase'], ...rest };
  throw foreign('The cursor is not one that this API gave.');
}

const foreign = (detail: string): ProblemError =>
  new ProblemError('invalid_input', detail, {
    problems: [{ pointer: '/cursor', code: 'invalid_cursor', detail: 'Begin again without a cursor.' }],
  });

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

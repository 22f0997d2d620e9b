import { ProblemError } from '../errors/problem-error.ts';
import { instantOf, msOf } from '../lifecycle/instant.ts';

/**
 * A position in a list as text that says nothing to its reader. It holds no partition: whose list it is comes from
 * the request, so a cursor taken from another list shows nothing of that list.
 */
export const encodeCursor = (position: string): string => Buffer.from(`1${position}`).toString('base64url');

/**
 * @param shape of positions that begin with an instant, as all do
 * @throws ProblemError `invalid_input` when `cursor` is not one of ours or its position does not look like `shape`
 */
export function decodeCursor(cursor: string, shape: RegExp): string {
  const text = /^[A-Za-z0-9_-]{1,600}$/.test(cursor) ? Buffer.from(cursor, 'base64url').toString() : '';
  const position = text.slice(1);
  if (!text.startsWith('1') || !shape.test(position) || !beginsWithAnInstant(position))
    throw new ProblemError('invalid_input', 'The cursor is not one that this list has given out.', {
      problems: [
        { pointer: '/cursor', code: 'invalid_cursor', detail: 'Leave it out to begin at the start.' },
      ],
    });
  return position;
}

const INSTANT_LENGTH = 24;

/** There is no month 13: who goes on from month to month would not come to an end from there. */
function beginsWithAnInstant(position: string): boolean {
  const instant = position.slice(0, INSTANT_LENGTH);
  const ms = msOf(instant);
  return !Number.isNaN(ms) && instantOf(ms) === instant;
}

/** `<instant>#<job id>`: the sort keys of both job indexes. */
export const INSTANT_AND_JOB = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#[A-Za-z0-9_-]{1,64}$/;

/** An instant, alone or followed by job id and generation: positions in the outcome rows. */
export const OUTCOME_POSITION =
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z(#[A-Za-z0-9_-]{1,64}#\d{1,9})?$/;

/** An instant and the id of an entry, which for gathered refusals names route, step and code: positions in the audit trail. */
export const AUDIT_POSITION = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#[\x22-\x7e ]{1,400}$/;

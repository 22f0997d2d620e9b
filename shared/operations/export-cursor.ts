import { ProblemError } from '../errors/problem-error.ts';

/** The last item of a page. It names no user: whose data it is comes from the request. */
export interface ExportCursor {
  /** Position in the list of sections. */
  readonly section: number;
  /** Of records the last id; of jobs where the store's page begins. */
  readonly after?: string;
  /** Of jobs: how many months back, and how many of the store's page have been shown. */
  readonly month?: number;
  readonly skip?: number;
}

const LONGEST = 1_024;

export const encodeExportCursor = (cursor: ExportCursor): string =>
  Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** @throws ProblemError `invalid_input` when it is no cursor of ours */
export function decodeExportCursor(text: string): ExportCursor {
  const value = text.length > LONGEST ? undefined : parse(text);
  const { section, after, month, skip } = { ...value };
  if (
    isCount(section) &&
    (month === undefined || isCount(month)) &&
    (skip === undefined || isCount(skip)) &&
    (after === undefined || typeof after === 'string')
  )
    return {
      section,
      ...(after !== undefined && { after }),
      ...(month !== undefined && { month }),
      ...(skip !== undefined && { skip }),
    };
  throw new ProblemError('invalid_input', 'The cursor is not one that this API gave.', {
    problems: [{ pointer: '/cursor', code: 'invalid_cursor', detail: 'Begin again without a cursor.' }],
  });
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

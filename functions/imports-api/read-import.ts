import type { ApiEvent } from '#functions/http/api-event.ts';
import { readIdempotencyKey } from '#functions/http/idempotency-key.ts';
import { bodyText, demandMediaType } from '#functions/http/read-body.ts';
import { IMPORT_BODY_LIMIT_BYTES, IMPORT_DEPTH_LIMIT, IMPORT_LINE_LIMIT } from '#shared/contract/routes.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { ImportFormat, RawLine } from '#shared/operations/import-content.ts';
import { readFhir, readNdjson } from './read-lines.ts';

/** A body of `POST /imports`, split into lines. */
export interface ReadImport {
  readonly format: ImportFormat;
  readonly lines: readonly RawLine[];
  readonly content: string;
  readonly idempotencyKey?: string;
}

type Reader = { readonly format: ImportFormat; readonly read: (text: string) => RawLine[] };

/** What each media type is. `application/fhir+ndjson` is what a bulk export of FHIR hands over. */
const READERS = {
  'application/x-ndjson': { format: 'ndjson', read: (text) => readNdjson(text) },
  'application/fhir+json': { format: 'fhir', read: readFhir },
  'application/fhir+ndjson': { format: 'fhir', read: (text) => readNdjson(text, IMPORT_DEPTH_LIMIT) },
} as const satisfies Record<string, Reader>;

const SPLIT = ' Split it and send several imports.';

/**
 * Reads a body of many lines. Size and media type are looked at before anything is parsed.
 * @throws ProblemError `unsupported_media_type`, `body_too_large`, `malformed_json`, `invalid_input`
 */
export function readImport(event: ApiEvent): ReadImport {
  const types = Object.keys(READERS) as (keyof typeof READERS)[]; // the keys of this very constant
  const { format, read }: Reader = READERS[demandMediaType(event, types)];
  const text = bodyText(event, IMPORT_BODY_LIMIT_BYTES, SPLIT);
  const lines = read(text);
  const idempotency = readIdempotencyKey(event);
  const problems = [...countProblems(lines.length), ...idempotency.problems];
  if (problems.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems,
    });
  return {
    format,
    lines,
    content: text.trim(),
    ...(idempotency.key !== undefined && { idempotencyKey: idempotency.key }),
  };
}

function countProblems(lines: number) {
  if (lines === 0) return [{ pointer: '', code: 'too_few_items', detail: 'Send at least one line.' }];
  if (lines <= IMPORT_LINE_LIMIT) return [];
  const detail = `An import may have at most ${IMPORT_LINE_LIMIT} lines.${SPLIT}`;
  return [{ pointer: '', code: 'too_many_items', detail }];
}

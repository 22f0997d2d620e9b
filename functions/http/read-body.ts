import { BODY_DEPTH_LIMIT, BODY_LIMIT_BYTES } from '#shared/contract/routes.ts';
import { type Problem, ProblemError } from '#shared/errors/problem-error.ts';
import type { ApiEvent } from './api-event.ts';
import { scanJson } from './scan-json.ts';
import { headerValues, soleHeader } from './sole-header.ts';
import { textProblems } from './text-problems.ts';

/** A body that is JSON, and what is wrong with it whatever its schema: repeated fields, unprintable text. */
export interface ReadBody {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/**
 * Reads a request's JSON body. Media type, size and depth are checked before anything is parsed.
 * @throws ProblemError `unsupported_media_type`, `body_too_large`, `invalid_input` (nested too deeply,
 *   or several media types) or `malformed_json`
 */
export function readBody(event: ApiEvent): ReadBody {
  demandMediaType(event, ['application/json']);
  const text = bodyText(event, BODY_LIMIT_BYTES);
  const scan = scanJson(text, BODY_DEPTH_LIMIT);
  if (scan.tooDeep)
    throw new ProblemError('invalid_input', 'The body is nested too deeply.', {
      problems: [
        { pointer: '', code: 'too_deep', detail: `Nest at most ${BODY_DEPTH_LIMIT} objects and arrays.` },
      ],
    });
  const value = parse(text);
  return { value, problems: [...scan.problems, ...textProblems(value)] };
}

/** Whether the request carries a body at all. */
export const hasBody = (event: ApiEvent): boolean => (event.body ?? '') !== '';

/**
 * The media type of a body, one of those that the route takes, always in UTF-8 and as it is.
 * @throws ProblemError `unsupported_media_type`, `invalid_input` (several media types)
 */
export function demandMediaType<const Type extends string>(event: ApiEvent, types: readonly Type[]): Type {
  const [type = '', ...parameters] = (soleHeader(event, 'Content-Type') ?? '').toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  const utf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const plain = headerValues(event, 'Content-Encoding').every((value) => value.toLowerCase() === 'identity');
  const found = types.find((one) => one === type.trim());
  if (found !== undefined && utf8 && plain) return found;
  throw new ProblemError(
    'unsupported_media_type',
    `Send the body as "Content-Type: ${types.join('" or "')}" in UTF-8, without content encoding.`,
  );
}

/**
 * The text of a body of at most so many bytes.
 * @param advice what to do with a larger one
 * @throws ProblemError `body_too_large`, `malformed_json` when it is not UTF-8
 */
export function bodyText(event: ApiEvent, limitBytes: number, advice = ''): string {
  const raw = event.body ?? '';
  const bytes = event.isBase64Encoded ? Math.floor((raw.length * 3) / 4) - 2 : Buffer.byteLength(raw);
  if (bytes > limitBytes) throw tooLarge(limitBytes, advice);
  // What is decoded below loses its byte order mark, too.
  if (!event.isBase64Encoded) return raw.replace(/^\uFEFF/, '');
  const decoded = Buffer.from(raw, 'base64');
  // The estimate above only spares the decoding of what is far too long.
  if (decoded.byteLength > limitBytes) throw tooLarge(limitBytes, advice);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(decoded);
  } catch (cause) {
    throw new ProblemError('malformed_json', 'The body is not UTF-8.', { cause });
  }
}

const tooLarge = (limitBytes: number, advice: string) =>
  new ProblemError('body_too_large', `The body may have at most ${limitBytes} bytes.${advice}`);

function parse(text: string): unknown {
  if (text.trim() === '') throw new ProblemError('malformed_json', 'The body is empty; send a JSON object.');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProblemError('malformed_json', 'The body cannot be parsed as JSON.', { cause });
  }
}

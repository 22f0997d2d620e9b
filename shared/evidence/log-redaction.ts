import type { LOG_FIELDS } from '../contract/log-events.ts';

type LogField = (typeof LOG_FIELDS)[number];
type Plain = string | number | boolean;

/** What stands in the place of a value that has not the form of its field. */
export const REDACTED = '[redacted]';

const ID = /^[\w:#.-]{1,128}$/;
const CODE = /^[a-z][\w.-]{0,63}$/i;
/** Codes of ours, each beginning with a lower-case letter: no name, number, date or address is written so. */
const CODES = /^[a-z][a-z0-9_.:-]{0,63}(?: [a-z][a-z0-9_.:-]{0,63}){0,15}$/;
const ROUTE = /^(?:[A-Z]+ )?(?:\/[\w{}+-]+)+$|^[a-zA-Z]{1,64}$/;
const ERROR_NAME = /^[A-Za-z_$][\w$]{0,99}$/;
/** Between frames of a stack, as `error_at` joins them. */
const FRAMES_JOINED_BY = ' < ';
const LONGEST_FRAME = 300;
/** Names of functions, and a place in a file of the bundle or of the runtime, whose own functions have none. The words are apart, so it reads once. */
const FRAME =
  /^at(?: [\w$.<>[\]#]+){0,5}(?: \((?:index \d{1,4}|<anonymous>|[\w./@:?=+-]+)\)| (?:file:\/\/|node:|\/)[\w./@:?=+-]+)?$/;

const areFrames = (text: string): boolean =>
  text.split(FRAMES_JOINED_BY).every((frame) => frame.length <= LONGEST_FRAME && FRAME.test(frame));

const FORMS: Readonly<Record<LogField, RegExp | 'number' | 'frames'>> = {
  correlation_id: ID,
  job_id: ID,
  kind: CODE,
  priority: CODE,
  status: CODE,
  generation: 'number',
  attempt: 'number',
  error_code: CODE,
  reason: CODES,
  route: ROUTE,
  http_status: 'number',
  step: CODE,
  role: CODE,
  duration_ms: 'number',
  queue_wait_ms: 'number',
  aws_calls: 'number',
  count: 'number',
  shard: 'number',
  lag_seconds: 'number',
  delay_seconds: 'number',
  error_name: ERROR_NAME,
  error_cause: ERROR_NAME,
  error_at: 'frames',
  key_name: CODE,
};

/**
 * The fields that a log line may carry: allow-listed names with plain values in the form of their field. A value in another
 * form, such as a text that somebody sent, is replaced; other fields are dropped. So whoever logs the wrong thing by mistake
 * loses it here, not in the log.
 */
export function redactedFields(fields: Readonly<Record<string, unknown>>): Record<string, Plain> {
  const kept: Record<string, Plain> = {};
  for (const [name, form] of Object.entries(FORMS)) {
    const value = fields[name];
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
    kept[name] = hasForm(form, value) ? value : REDACTED;
  }
  return kept;
}

function hasForm(form: RegExp | 'number' | 'frames', value: Plain): boolean {
  if (form === 'number') return typeof value === 'number';
  if (typeof value !== 'string') return false;
  return form === 'frames' ? areFrames(value) : form.test(value);
}

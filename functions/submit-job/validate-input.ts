import { type ApiEvent, headerOf } from '#functions/http/api-event.ts';
import { authenticate } from '#functions/http/authenticate.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { readBody } from '#functions/http/read-body.ts';
import { MOST_PROBLEMS, schemaProblems } from '#functions/http/schema-problems.ts';
import type { VerifyToken } from '#functions/http/token-verifier.ts';
import { validatorOf } from '#functions/http/validators.ts';
import { type Problem, ProblemError } from '#shared/errors/problem-error.ts';
import type { JobKind, OpenedJob } from '#shared/jobs/define-job-kind.ts';
import type { JsonObject } from '#shared/jobs/ports.ts';
import { type Instant, instantOf, msOf } from '#shared/lifecycle/instant.ts';
import { isPriority, type Priority } from '#shared/lifecycle/priority.ts';

/** A request whose form is right. */
export interface SubmitInput {
  readonly payload: JsonObject;
  readonly opened: OpenedJob;
  readonly priority: Priority;
  readonly runAt?: Instant;
  readonly idempotencyKey?: string;
}

/**
 * Step 1: the body against the schema of its kind, and the headers that belong to it.
 *
 * A caller without a valid token learns from a refusal only that the input is wrong: which fields is for callers of
 * this API, so before a refusal is answered the token is looked at, too.
 * @throws ProblemError `invalid_input`, `malformed_json`, `body_too_large`, `unsupported_media_type`
 */
export async function validateInput(
  deps: { readonly kind: JobKind; readonly verifyToken: VerifyToken },
  event: ApiEvent,
  exchange: Exchange,
): Promise<SubmitInput> {
  exchange.step = 'validateInput';
  try {
    return readInput(deps.kind, event);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const known = await authenticate(deps, event, exchange).then(
      () => true,
      () => false,
    );
    exchange.step = 'validateInput';
    throw known ? error : new ProblemError(error.code, WITHOUT_DETAIL);
  }
}

const WITHOUT_DETAIL =
  'The request cannot be accepted. With a valid access token the answer says what is wrong.';

function readInput(kind: JobKind, event: ApiEvent): SubmitInput {
  const { value, problems } = readBody(event);
  const validate = validatorOf(kind.name);
  if (!validate)
    throw new Error(`There is no validator for ${kind.name}; the build made one per public kind.`);
  const fits = validate(value);
  const idempotencyKey = headerOf(event, 'idempotency-key');
  const all = [
    ...(fits ? [] : schemaProblems(validate.errors ?? [])),
    ...problems,
    ...idempotencyProblems(idempotencyKey),
  ];
  if (!fits || all.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems: all.slice(0, MOST_PROBLEMS),
    });
  // The schema has said that it is an object of JSON, with these two members in this form.
  const {
    priority,
    run_at: runAt,
    ...payload
  } = value as JsonObject & { priority?: string; run_at?: string };
  return {
    payload,
    opened: kind.open(payload),
    priority: priority !== undefined && isPriority(priority) ? priority : kind.defaultPriority,
    ...(runAt !== undefined && { runAt: instantFrom(runAt) }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

/** The format allows what no clock shows, such as a leap second; such a text is refused here. */
function instantFrom(text: string): Instant {
  const ms = msOf(text);
  if (Number.isNaN(ms))
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems: [{ pointer: '/run_at', code: 'wrong_format', detail: 'Expected the format date-time.' }],
    });
  return instantOf(ms);
}

const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;

/** A header has no pointer into the body: the problem names it in words. */
function idempotencyProblems(key: string | undefined): Problem[] {
  if (key === undefined || IDEMPOTENCY_KEY.test(key)) return [];
  const detail = 'Header Idempotency-Key: use 1 to 255 printable ASCII characters.';
  return [{ pointer: '', code: 'invalid_idempotency_key', detail }];
}

import type { ApiEvent } from '#functions/http/api-event.ts';
import { authenticate, type CallerDeps } from '#functions/http/authenticate.ts';
import type { Exchange } from '#functions/http/exchange.ts';
import { readIdempotencyKey } from '#functions/http/idempotency-key.ts';
import { readBody } from '#functions/http/read-body.ts';
import { schemaProblems } from '#functions/http/schema-problems.ts';
import { validatorOf } from '#functions/http/validators.ts';
import { type Problem, ProblemError } from '#shared/errors/problem-error.ts';
import type { JobKind, OpenedJob } from '#shared/jobs/define-job-kind.ts';
import type { JsonObject } from '#shared/jobs/ports.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { isPriority, type Priority } from '#shared/lifecycle/priority.ts';
import { readInstant } from '#shared/lifecycle/read-instant.ts';

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
  deps: CallerDeps & { readonly kind: JobKind },
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
      // Whoever is known is told, also when a header says more than the roles allow.
      () => exchange.caller !== undefined,
    );
    exchange.step = 'validateInput';
    if (error.problems.some(({ code }) => code === 'unknown_field')) exchange.reason = 'minimum_necessary';
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
  const idempotency = readIdempotencyKey(event);
  const runAt = readRunAt(value);
  const all = [
    ...(fits ? [] : schemaProblems(validate.errors ?? [])),
    ...problems,
    ...(runAt.problem ? [runAt.problem] : []),
    ...idempotency.problems,
  ];
  if (!fits || all.length > 0)
    throw new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
      problems: all,
    });
  // The schema has said that it is an object of JSON, with these two members in this form.
  const { priority, run_at, ...payload } = value as JsonObject & { priority?: string; run_at?: string };
  const { key: idempotencyKey } = idempotency;
  return {
    payload,
    opened: kind.open(payload),
    priority: priority !== undefined && isPriority(priority) ? priority : kind.defaultPriority,
    ...(runAt.instant !== undefined && { runAt: runAt.instant }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

/** `run_at` as an instant. The schema has looked at its form; whether there is such a day and time is seen here. */
function readRunAt(body: unknown): { readonly instant?: Instant; readonly problem?: Problem } {
  const text: unknown = Object(body).run_at;
  if (typeof text !== 'string') return {};
  const read = readInstant(text);
  if (read.ok) return { instant: read.instant };
  const { code, detail } = read;
  return code === 'wrong_format' ? {} : { problem: { pointer: '/run_at', code, detail } };
}

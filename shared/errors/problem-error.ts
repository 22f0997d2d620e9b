/** One thing that is wrong with a request: where (RFC 6901 pointer into the body), which code, and what to do. */
export interface Problem {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/**
 * The caller must act: the request cannot be served as it is. `code` is stable and documented; `detail` says where
 * and what to do and never repeats a value that was sent.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly problems: readonly Problem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      readonly problems?: readonly Problem[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
    this.headers = options.headers ?? {};
  }
}

/** Every code of a public error with its HTTP status and title: the one map to HTTP. */
export const PROBLEMS = {
  invalid_input: { status: 400, title: 'Invalid input' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  priority_not_allowed: { status: 400, title: 'This kind of job does not run at that priority' },
  confirmation_required: { status: 400, title: 'This has to be confirmed' },
  unauthorized: { status: 401, title: 'Unauthorized' },
  forbidden: { status: 403, title: 'Forbidden' },
  compliance_check_failed: { status: 403, title: 'A compliance check failed' },
  release_not_enabled: { status: 403, title: 'Nothing is released to patients here' },
  not_found: { status: 404, title: 'Resource not found' },
  medication_not_found: { status: 404, title: 'That user has no such medication' },
  reminder_not_found: { status: 404, title: 'That user has no such reminder' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  state_conflict: { status: 409, title: 'Its state does not allow this' },
  legal_hold: { status: 409, title: 'A legal hold forbids this' },
  retention_period: { status: 409, title: 'The records have to be kept for longer' },
  records_unreadable: { status: 409, title: 'Records of this user cannot be read' },
  second_person_required: { status: 409, title: 'Somebody else has to do this' },
  user_erased: { status: 410, title: 'What was known of this user is erased' },
  result_lost: { status: 410, title: 'The result of this job is lost' },
  precondition_failed: { status: 412, title: 'It has changed since it was read' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used with another body' },
  precondition_required: { status: 428, title: 'The request must name the version that it changes' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Internal server error' },
  read_not_recorded: { status: 503, title: 'The read could not be recorded' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

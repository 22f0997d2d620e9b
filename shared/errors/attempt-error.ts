/**
 * This attempt failed and another one can help: a dependency was slow, throttled or away. The reasons are a type,
 * so that nothing is put back into a queue for an unnamed reason.
 */
export type RetryReason =
  | 'dependency_unavailable'
  | 'dependency_throttled'
  | 'conflict'
  | 'timed_out'
  | 'backup_running'
  | 'unexpected'
  | 'injected_fault';

export class RetryableError extends Error {
  override readonly name = 'RetryableError';
  readonly reason: RetryReason;

  constructor(reason: RetryReason, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.reason = reason;
  }
}

/** Whether nothing is wrong with a job but that another one has to end first: however long that takes, it costs no attempt. */
export const waitsForAnother = (error: unknown): boolean =>
  error instanceof RetryableError && error.reason === 'backup_running';

/** No further attempt can help: the job ends `failed` at once, without burning its retries. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  /** Stable code, shown as the job's `error_code`. */
  readonly code: string;

  constructor(code: string, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** A worker that woke up too late: another attempt holds the job, so nothing of this one may be written. */
export class FenceLostError extends Error {
  override readonly name = 'FenceLostError';
}

/**
 * Whether something failed because its user was erased, or is being erased: what was sealed cannot be opened any more, or
 * nothing new is taken. Told by name and code: who opens and seals is another room.
 */
export const isErased = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ((error.name === 'ProblemError' && error.code === USER_ERASED) ||
    (error.name === 'FieldCipherError' && error.code === 'secret_missing'));

const USER_ERASED = 'user_erased';

/** The error code that a job's row shows for whatever an attempt threw. */
export function errorCodeOf(error: unknown): string {
  if (isErased(error)) return USER_ERASED;
  if (error instanceof RetryableError) return error.reason;
  if (error instanceof PermanentError) return error.code;
  return 'unexpected';
}

import { RetryableError } from '../errors/attempt-error.ts';

const THROTTLED = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'KmsThrottled',
  'OverLimit',
  'LimitExceededException',
  'SlowDown',
]);

const UNAVAILABLE = new Set([
  'AbortError',
  'DependencyTimeoutException',
  'InternalError',
  'InternalErrorException',
  'InternalException',
  'InternalFailure',
  'InternalServerError',
  'InternalServerException',
  'KMSInternalException',
  'KeyUnavailableException',
  'NetworkingError',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TimeoutError',
]);

const UNREACHABLE = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * AWS refused a call for a reason that no repetition mends: a missing permission, table or key, or a request that we
 * built wrongly. Names only; the SDK's own error may carry items and is left behind.
 */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';
  readonly operation: string;
  readonly awsErrorName: string;

  constructor(operation: string, awsErrorName: string) {
    super(`${operation} was refused: ${awsErrorName}`);
    this.operation = operation;
    this.awsErrorName = awsErrorName;
  }
}

/** Whether an error of the SDK has that name. Classes differ between copies of the SDK, names do not. */
export const isNamed = (error: unknown, name: string): boolean =>
  error instanceof Error && error.name === name;

/** Whether an error of the SDK is an answer with that HTTP status. */
export const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof Error && statusOf(error) === status;

/** Calls AWS; whatever the SDK throws leaves as an error of ours. */
export async function callAws<T>(operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateSdkError(error, operation);
  }
}

/**
 * - throttled → `RetryableError('dependency_throttled')`
 * - unavailable, slow or unreachable → `RetryableError('dependency_unavailable')`
 * - refused → `AwsCallError`
 * - not from the SDK (a mistake of ours, or already ours) → unchanged
 */
export function translateSdkError(error: unknown, operation: string): unknown {
  if (!(error instanceof Error) || error instanceof RetryableError) return error;
  if (THROTTLED.has(error.name))
    return new RetryableError('dependency_throttled', `${operation} was throttled.`);
  if (UNAVAILABLE.has(error.name) || isUnreachable(error) || statusOf(error) >= 500)
    return new RetryableError('dependency_unavailable', `${operation} got no answer (${error.name}).`);
  return statusOf(error) > 0 ? new AwsCallError(operation, error.name) : error;
}

const isUnreachable = (error: Error): boolean =>
  'code' in error && typeof error.code === 'string' && UNREACHABLE.has(error.code);

/** HTTP status that the SDK notes on its errors; 0 when it is none of the SDK's. */
function statusOf(error: Error): number {
  if (!('$metadata' in error)) return 0;
  // The SDK writes this member; an answer that never came leaves the status out.
  const { httpStatusCode } = error.$metadata as { httpStatusCode?: number };
  return httpStatusCode ?? 400;
}

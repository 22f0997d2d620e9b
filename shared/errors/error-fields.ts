import { RetryableError } from './attempt-error.ts';

const FRAMES = 4;

/**
 * What a log line may say of an error: its name, the names of what caused it, and where it came from. Messages stay
 * out: those of libraries may quote what was sent.
 */
export function errorFields(error: unknown): {
  error_name: string;
  reason?: string;
  error_cause?: string;
  error_at?: string;
} {
  if (!(error instanceof Error)) return { error_name: typeof error };
  const { cause } = error;
  const frames = framesOf(cause instanceof Error ? cause : error);
  return {
    error_name: error.name,
    ...(error instanceof RetryableError && { reason: error.reason }),
    ...(cause instanceof Error && { error_cause: cause.name }),
    ...(frames !== '' && { error_at: frames }),
  };
}

/** The innermost frames of the stack; the lines before them repeat the message. */
const framesOf = (error: Error): string =>
  (error.stack ?? '')
    .slice(error.message === '' ? 0 : (error.stack ?? '').indexOf(error.message) + error.message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, FRAMES)
    .join(' < ');

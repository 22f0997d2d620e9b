import type { Receipt } from '#shared/evidence/receipt.ts';
import { saltedHash } from '#shared/operations/payload-envelope.ts';

/** Whether a file is meant as a receipt: those have their job's id in the words of the API, bundles do not. */
export function isReceiptText(text: string): boolean {
  try {
    return Object.hasOwn(Object(JSON.parse(text)), 'job_id');
  } catch {
    return false;
  }
}

/** `unknown`: the receipt has no salt, so nobody can tell. */
export type RequestMatch = 'matches' | 'differs' | 'unknown';

/**
 * Whether that body was ordered. What is for every endpoint (`priority`, `run_at`) is not part of the hash.
 * @throws Error when it is no JSON object
 */
export function requestMatch({ request }: Receipt, text: string): RequestMatch {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('The body of a request is a JSON object.');
  if (request?.salt === undefined) return 'unknown';
  const { priority, run_at, ...body }: Record<string, unknown> = { ...value };
  return saltedHash(JSON.parse(JSON.stringify(body)), request.salt) === request.hash ? 'matches' : 'differs';
}

import type { Json } from '#shared/jobs/ports.ts';

/** One call of the API, with the token of whoever presses. */
export interface ApiCall {
  readonly method: 'GET' | 'POST';
  /** Behind the prefix of the API. */
  readonly path: string;
  readonly token: string;
  readonly body?: Json;
  readonly idempotencyKey?: string;
}

export interface ApiReply {
  readonly status: number;
  readonly body: Json;
}

export type OperatorApi = (call: ApiCall) => Promise<ApiReply>;

/** Somewhat less than the widget's function has. */
const PATIENCE_MS = 15_000;

/**
 * The API as its operators call it: role, relationship and audit are decided there.
 * @param url of the API with its prefix, without a slash at the end
 */
export const createOperatorApi =
  (url: string): OperatorApi =>
  async ({ method, path, token, body, idempotencyKey }) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    return { status: answer.status, body: parsed(text) };
  };

/** What stands before the API may answer with something else than JSON. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

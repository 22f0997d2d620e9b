import { isObject } from './deploy/template.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or the text when it is none. */
  readonly body: unknown;
}

/** One request to the API of a running stack. */
export async function callApi(
  apiUrl: string,
  method: string,
  path: string,
  options: {
    readonly token?: string;
    readonly body?: unknown;
    /** A body that is no JSON document, as it is; its `content-type` stands in `headers`. */
    readonly text?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<ApiAnswer> {
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.text === undefined ? {} : { body: options.text }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: jsonOr(text) };
}

/** A text member of an answer's body; empty when there is none. */
export function textOf(body: unknown, member: string): string {
  const value = isObject(body) ? body[member] : undefined;
  return typeof value === 'string' ? value : '';
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

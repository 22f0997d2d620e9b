type Json = Readonly<Record<string, unknown>>;

/** What the API said no to, as a person reads it. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export interface OpsAnswer {
  readonly status: number;
  readonly body: Json;
}

export interface OpsRequest {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export type OpsApi = (method: string, path: string, request?: OpsRequest) => Promise<OpsAnswer>;

/**
 * Calls the API of a deployment in somebody's name. The token goes into the header and nowhere else.
 * @param baseUrl ends with `/api/v1`
 */
export const opsApi =
  (baseUrl: string, token: string, request: typeof fetch = fetch): OpsApi =>
  async (method, path, { body, headers } = {}) => {
    const answer = await request(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new Error(`The API at ${baseUrl} did not answer: ${reasonOf(error)}.`);
    });
    const json: unknown = await answer.json().catch(() => undefined);
    const content: Json = typeof json === 'object' && json !== null ? { ...json } : {};
    if (!answer.ok) throw new RefusedError(refusalText(answer.status, content));
    return { status: answer.status, body: content };
  };

/** The code of the connection's error where there is one: its text may hold more of the request. */
function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'no connection';
}

function refusalText(status: number, body: Json): string {
  const { title = 'Refused', detail, problems, correlation_id: correlation } = body;
  const lines = Array.isArray(problems)
    ? problems.map((problem: unknown) => {
        const { pointer, detail: what } = Object(problem);
        return `  ${pointer === '' ? 'request' : pointer}: ${what}`;
      })
    : [];
  const said = detail === undefined ? String(title) : `${title}: ${detail}`;
  const hint = status === 401 ? ['Is the token still valid? It belongs into OPS_TOKEN.'] : [];
  const trace = correlation === undefined ? [] : [`Correlation id: ${correlation}`];
  return [`${status} ${said}`, ...lines, ...hint, ...trace].join('\n');
}

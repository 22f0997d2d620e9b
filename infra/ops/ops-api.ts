type Json = Readonly<Record<string, unknown>>;

/** Longer than API Gateway lets any request last. */
const MOST_WAIT_SECONDS = 35;

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
      signal: AbortSignal.timeout(MOST_WAIT_SECONDS * 1000),
    }).catch((error: unknown) => {
      throw new Error(`The API at ${baseUrl} did not answer: ${reasonOf(error)}.`);
    });
    const json: unknown = await answer.json().catch(() => undefined);
    const isObject = typeof json === 'object' && json !== null;
    const content: Json = isObject ? { ...json } : {};
    if (!answer.ok) throw new RefusedError(refusalText(answer.status, content));
    if (!isObject) throw notOurs(baseUrl);
    return { status: answer.status, body: content };
  };

/** Something else under the address, like a page to log in on, must never be taken for "there is nothing". */
const notOurs = (what: string): Error =>
  new Error(`What answered is not this API: ${what}. Is the address right?`);

/** The members of a list. @throws Error when there is no such list */
export function objectsIn(body: Json, name: string): readonly Json[] {
  const list = body[name];
  if (!Array.isArray(list)) throw notOurs(`its answer has no list of ${name}`);
  return list.map((one: unknown): Json => Object(one));
}

/** The code of the connection's error where there is one: its text may hold more of the request. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `nothing came within ${MOST_WAIT_SECONDS} seconds`;
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

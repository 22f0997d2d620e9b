/** An answer of the API: the body is an object, empty when there was none. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type CallApi = (method: string, path: string, body?: unknown) => Promise<ApiAnswer>;

/** Calls the API of a deployed stage. @param baseUrl ends with `/api/v1` */
export const smokeApi =
  (baseUrl: string, token: string, request: typeof fetch = fetch): CallApi =>
  async (method, path, body) => {
    const answer = await request(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json: unknown = await answer.json().catch(() => undefined);
    const isObject = typeof json === 'object' && json !== null;
    return { status: answer.status, body: isObject ? Object.fromEntries(Object.entries(json)) : {} };
  };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A bearer token with the role `service`.
 * @throws Error that says which variables to set, or that the issuer gave no token; never a secret
 */
export async function smokeToken(environment: Environment, request: typeof fetch = fetch): Promise<string> {
  const given = environment['SMOKE_TOKEN'];
  if (given) return given;
  const url = environment['SMOKE_TOKEN_URL'];
  const id = environment['SMOKE_CLIENT_ID'];
  const secret = environment['SMOKE_CLIENT_SECRET'];
  if (!url || !id || !secret)
    throw new Error('Set SMOKE_TOKEN, or SMOKE_TOKEN_URL with SMOKE_CLIENT_ID and SMOKE_CLIENT_SECRET.');
  const scope = environment['SMOKE_SCOPE'];
  const answer = await request(url, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }).toString(),
  });
  const body: unknown = answer.ok ? await answer.json() : undefined;
  if (
    typeof body === 'object' &&
    body !== null &&
    'access_token' in body &&
    typeof body.access_token === 'string'
  )
    return body.access_token;
  throw new Error(`The issuer gave no token: HTTP ${answer.status}.`);
}

import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { JwksFetcher } from '#functions/http/jwks-fetcher.ts';
import type { IssuerConfig } from '#shared/contract/issuers.ts';

/** An issuer of tests with its own key pair, whose key set is handed out without a network. */
export async function createTestIssuer(overrides: Partial<IssuerConfig> = {}) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const config: IssuerConfig = {
    issuer: 'https://issuer.example/pool',
    jwksUri: 'https://issuer.example/pool/.well-known/jwks.json',
    clients: ['app'],
    tokenUse: 'access',
    groupsClaim: 'groups',
    roles: ['patient', 'caregiver', 'clinician', 'operator', 'service'],
    ...overrides,
  };
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  /** A claim given as `undefined` is left out of the token. */
  const claims = (more: Readonly<Record<string, unknown>> = {}): JWTPayload => ({
    iss: config.issuer,
    sub: 'user-1',
    client_id: 'app',
    token_use: 'access',
    groups: ['patient'],
    jti: 'token-1',
    exp: Math.floor(Date.now() / 1000) + 3600,
    ...more,
  });
  const sign = (more: Readonly<Record<string, unknown>> = {}, kid = 'key-1'): Promise<string> =>
    new SignJWT(claims(more)).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
  return { config, jwk, claims, sign, publicKey, privateKey };
}

/** Hands out key sets and counts how often it was asked. */
export function countingFetcher(keys: () => readonly object[]): JwksFetcher & { count: number } {
  const fetcher = {
    count: 0,
    fetch: async () => {
      fetcher.count += 1;
      const bytes = new TextEncoder().encode(JSON.stringify({ keys: keys() }));
      return bytes.buffer;
    },
  };
  return fetcher;
}

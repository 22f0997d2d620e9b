import { createHmac, createPublicKey, randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import type { Role } from '#shared/lifecycle/role.ts';

export const FORGERIES = ['expired', 'alg-none', 'hs256', 'issuer', 'client'] as const;
export type Forgery = (typeof FORGERIES)[number];

export interface TokenWishes {
  readonly role: Role;
  readonly subject: string;
  readonly clientId: string;
  readonly careFor?: readonly string[];
  /** Seconds; 900 unless said otherwise. */
  readonly expiresInSeconds?: number;
  /** What is wrong with it, for whoever wants to see it refused. */
  readonly forge?: Forgery;
}

export interface Signer {
  readonly issuer: string;
  readonly privateJwk: JWK;
}

const DEFAULT_LIFETIME_SECONDS = 900;

/**
 * An access token in the form that Cognito gives out, of the laptop's own issuer.
 * @param nowMs milliseconds since 1970, by the machine's clock: tokens do not follow the clock hook
 */
export async function mintToken(signer: Signer, wishes: TokenWishes, nowMs: number): Promise<string> {
  const { forge } = wishes;
  const issuedAt = Math.floor(nowMs / 1000) - (forge === 'expired' ? 7200 : 0);
  const lifetime = forge === 'expired' ? 3600 : (wishes.expiresInSeconds ?? DEFAULT_LIFETIME_SECONDS);
  const claims = {
    iss: forge === 'issuer' ? `${signer.issuer}/of-somebody-else` : signer.issuer,
    sub: wishes.subject,
    client_id: forge === 'client' ? 'a-client-nobody-registered' : wishes.clientId,
    token_use: 'access',
    'cognito:groups': [wishes.role],
    ...(wishes.careFor?.length ? { care_for: wishes.careFor } : {}),
    jti: randomUUID(),
    iat: issuedAt,
    exp: issuedAt + lifetime,
  };
  if (forge === 'alg-none') return new UnsecuredJWT(claims).encode();
  if (forge === 'hs256') return signedWithPublicKey(claims, signer.privateJwk);
  const { kid = '', alg = 'RS256' } = signer.privateJwk;
  return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(await importJWK(signer.privateJwk, alg));
}

/** The old trick: the public key, which everybody has, taken for a shared secret. jose refuses to do it, so by hand. */
function signedWithPublicKey(claims: object, { kty, n, e, kid }: JWK): string {
  const publicKey = createPublicKey({ key: { kty: kty ?? '', n: n ?? '', e: e ?? '' }, format: 'jwk' });
  const secret = publicKey.export({ type: 'spki', format: 'pem' });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT', kid })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

import { JwtVerifier } from 'aws-jwt-verify';
import {
  JwksNotAvailableInCacheError,
  JwtExpiredError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  JwtParseError,
  JwtWithoutValidKidError,
  KidNotFoundInJwksError,
  ParameterValidationError,
  WaitPeriodNotYetEndedJwkError,
} from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { JwtPayload } from 'aws-jwt-verify/jwt-model';
import type { IssuerConfig } from '#shared/contract/issuers.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { callerOf } from './caller-claims.ts';
import { demandSafeJwksUri, type JwksFetcher, jwksFetcher } from './jwks-fetcher.ts';
import { createTokenCache } from './token-cache.ts';

/** Why a token was not accepted: for logs and the audit trail, never for the caller. */
export type TokenFault =
  | 'missing'
  | 'malformed'
  | 'several_tokens'
  | 'foreign_issuer'
  | 'algorithm'
  | 'signature'
  | 'unknown_key'
  | 'expired'
  | 'not_yet_valid'
  | 'claims'
  | 'keys_unavailable';

export type Verification =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly fault: TokenFault };

/** @param authorization the request's `Authorization` header */
export type VerifyToken = (authorization: string | undefined) => Promise<Verification>;

export interface TokenVerifierOptions {
  readonly issuers: readonly IssuerConfig[];
  readonly stage: string;
  /** Milliseconds since 1970 by the real clock. */
  readonly epochMs: () => number;
  readonly fetcher?: JwksFetcher;
}

const LONGEST_TOKEN = 8_192;

/** By so much an issuer's clock may be ahead of ours. */
const CLOCKS_APART_MS = 60_000;

/** Key sets are asked for anew after so long: a key that its issuer has withdrawn is then no longer trusted. */
const KEYS_STAND_MS = 60 * 60_000;

/**
 * Verifies access tokens of the configured issuers: signature (asymmetric algorithms, the one that the key names),
 * issuer, client, use and time. Keys are fetched once; a key id that is not among them leads to one new fetch, then to
 * none for 10 s, so that invented ids cannot flood the issuer; all are fetched anew each hour. It never throws: what cannot be verified is refused.
 * @throws Error at construction, when no issuer is configured or its keys would come over an open line
 */
export function createTokenVerifier(options: TokenVerifierOptions): VerifyToken {
  for (const { jwksUri } of options.issuers) demandSafeJwksUri(jwksUri, options.stage);
  const byIssuer = new Map(options.issuers.map((config) => [config.issuer, config]));
  const jwksCache = new SimpleJwksCache({ fetcher: options.fetcher ?? jwksFetcher() });
  const verifier = JwtVerifier.create(
    // Access tokens of Cognito have no `aud`, so the client is checked with the other claims.
    options.issuers.map(({ issuer, jwksUri }) => ({ issuer, jwksUri, audience: null })),
    { jwksCache },
  );
  const verified = createTokenCache(options.epochMs);
  let keysOfMs = options.epochMs();

  const refreshKeys = async (): Promise<void> => {
    if (options.epochMs() - keysOfMs < KEYS_STAND_MS) return;
    keysOfMs = options.epochMs();
    // An issuer that is away for a moment must not lock everybody out: the keys that are known stay.
    await verifier.hydrate().catch(() => undefined);
  };

  const verify = async (token: string): Promise<Verification> => {
    if (asksForMore(token)) return { ok: false, fault: 'malformed' };
    let claims: JwtPayload;
    try {
      await refreshKeys();
      claims = await verifier.verify(token);
    } catch (error) {
      return { ok: false, fault: faultOf(error) };
    }
    const config = byIssuer.get(claims.iss ?? '');
    const caller = config && callerOf(claims, config);
    if (!caller || claims.exp === undefined) return { ok: false, fault: 'claims' };
    const issuedMs = claims.iat === undefined ? undefined : claims.iat * 1000;
    if (Number.isNaN(issuedMs ?? 0)) return { ok: false, fault: 'claims' };
    if ((issuedMs ?? 0) > options.epochMs() + CLOCKS_APART_MS) return { ok: false, fault: 'not_yet_valid' };
    const untilMs = Math.min(claims.exp * 1000, oldestAt(config, issuedMs));
    if (untilMs <= options.epochMs())
      return { ok: false, fault: issuedMs === undefined ? 'claims' : 'expired' };
    verified.put(token, caller, untilMs);
    return { ok: true, caller };
  };

  return async (authorization) => {
    if (authorization === undefined || authorization === '') return { ok: false, fault: 'missing' };
    const token = /^Bearer +([\w.=-]+)$/i.exec(authorization)?.[1];
    if (token === undefined || token.length > LONGEST_TOKEN) return { ok: false, fault: 'malformed' };
    const caller = verified.get(token);
    return caller ? { ok: true, caller } : verify(token);
  };
}

/** Up to when a token is taken by its age, where its issuer's are not taken for as long as they say; one without `iat` then never. */
const oldestAt = ({ maxTokenMinutes }: IssuerConfig, issuedMs = 0): number =>
  maxTokenMinutes === undefined ? Number.POSITIVE_INFINITY : issuedMs + maxTokenMinutes * 60_000;

/** Whether the header names extensions that must be understood (RFC 7515, section 4.1.11): none is. */
function asksForMore(token: string): boolean {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    return Object.hasOwn(Object(header), 'crit');
  } catch {
    // What is no header at all, the verification says.
    return false;
  }
}

function faultOf(error: unknown): TokenFault {
  const known = FAULTS.find(([type]) => error instanceof type);
  // What is left are failed fetches and key sets that are none.
  return known ? known[1] : 'keys_unavailable';
}

const FAULTS = [
  [JwtExpiredError, 'expired'],
  [JwtNotBeforeError, 'not_yet_valid'],
  [JwtInvalidIssuerError, 'foreign_issuer'],
  [JwtInvalidSignatureAlgorithmError, 'algorithm'],
  [JwtInvalidSignatureError, 'signature'],
  [JwtParseError, 'malformed'],
  [JwtWithoutValidKidError, 'unknown_key'],
  [KidNotFoundInJwksError, 'unknown_key'],
  [WaitPeriodNotYetEndedJwkError, 'unknown_key'],
  [JwksNotAvailableInCacheError, 'keys_unavailable'],
  // With several issuers, the library's word for an issuer that is none of them.
  [ParameterValidationError, 'foreign_issuer'],
] as const;

import { createHash } from 'node:crypto';
import type { Caller } from '#shared/evidence/caller.ts';

/** A verified token is trusted without another look for so long, and never past its own end. */
const TRUST_MS = 5 * 60_000;
const MOST_TOKENS = 1_000;

/** Verified tokens of this environment, by hash: the tokens themselves are not kept. */
export interface TokenCache {
  get(token: string): Caller | undefined;
  /** @param expiresMs end of the token, in milliseconds since 1970 */
  put(token: string, caller: Caller, expiresMs: number): void;
}

/** @param epochMs milliseconds since 1970 by the real clock, which is the one that `exp` means */
export function createTokenCache(epochMs: () => number): TokenCache {
  const entries = new Map<string, { readonly caller: Caller; readonly untilMs: number }>();
  return {
    get: (token) => {
      const key = hashOf(token);
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (entry.untilMs > epochMs()) return entry.caller;
      entries.delete(key);
      return undefined;
    },
    put: (token, caller, expiresMs) => {
      // A map keeps the order of insertion: the first one is the oldest.
      const oldest = entries.keys().next();
      if (entries.size >= MOST_TOKENS && !oldest.done) entries.delete(oldest.value);
      entries.set(hashOf(token), { caller, untilMs: Math.min(epochMs() + TRUST_MS, expiresMs) });
    },
  };
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64');

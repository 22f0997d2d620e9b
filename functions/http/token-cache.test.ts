import { describe, expect, it } from 'vitest';
import { createTokenCache } from './token-cache.ts';

/** Written out: what a withdrawn token may still do at most. */
const FIVE_MINUTES_MS = 300_000;
const caller = { subject: 'user-1', roles: [], careFor: [] };

function cacheAt(startMs: number) {
  const clock = { ms: startMs };
  return { clock, cache: createTokenCache(() => clock.ms) };
}

describe('createTokenCache', () => {
  it('trusts a token for five minutes', () => {
    const { clock, cache } = cacheAt(1_000);
    cache.put('token', caller, 1_000 + 3_600_000);
    clock.ms = 1_000 + FIVE_MINUTES_MS - 1;
    expect(cache.get('token')).toEqual(caller);
    clock.ms = 1_000 + FIVE_MINUTES_MS;
    expect(cache.get('token')).toBeUndefined();
  });

  it('never trusts it past its own end', () => {
    const { clock, cache } = cacheAt(1_000);
    cache.put('token', caller, 1_500);
    clock.ms = 1_499;
    expect(cache.get('token')).toEqual(caller);
    clock.ms = 1_500;
    expect(cache.get('token')).toBeUndefined();
  });

  it('holds a thousand at most and lets the oldest go', () => {
    const { cache } = cacheAt(0);
    for (let index = 0; index <= 1_000; index += 1) cache.put(`token-${index}`, caller, 60_000);
    expect(cache.get('token-0')).toBeUndefined();
    expect(cache.get('token-1')).toEqual(caller);
    expect(cache.get('token-1000')).toEqual(caller);
  });
});

import { createHmac } from 'node:crypto';
import type { Ref } from '../jobs/ports.ts';
import type { KeyedHashes } from '../operations/ports.ts';
import type { KeyRing } from './key-ring.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 26;

/** Loads the hash key: once per environment, before the first request. Afterwards hashing needs no call. */
export async function loadRefs(keys: Pick<KeyRing, 'hashKey'>): Promise<KeyedHashes> {
  return refsOf(await keys.hashKey());
}

/** Keyed hashes under a given key. */
export function refsOf(hashKey: Uint8Array): KeyedHashes {
  // The domain comes first, and a JSON list cannot be cut in two ways: no two domains or inputs share a hash.
  const ref = (domain: string, ...parts: readonly string[]): Ref =>
    keyedHash(hashKey, JSON.stringify([domain, ...parts]));
  return {
    user: (userId) => ref('user', userId),
    medication: (userId, medicationId) => ref('medication', userId, medicationId),
    idempotencyKey: (subject, route, key) => ref('idempotency', subject, route, key),
    recall: (by, name) => ref('recall', by, name),
    fingerprint: (canonicalBody) => ref('fingerprint', canonicalBody),
    actor: (subject) => ref('actor', subject),
    token: (tokenId) => ref('token', tokenId),
  };
}

/** HMAC-SHA-256, as short as a key may be. */
export const keyedHash = (key: Uint8Array, text: string): string =>
  base32(createHmac('sha256', key).update(text).digest());

/** The first 130 bits in RFC 4648's alphabet, lower case: safe in keys, group ids and file names. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5 && text.length < LENGTH) {
      bits -= 5;
      text += ALPHABET.charAt((value >> bits) & 31);
    }
    value &= (1 << bits) - 1;
  }
  return text;
}

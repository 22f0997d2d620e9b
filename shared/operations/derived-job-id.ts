import { createHash } from 'node:crypto';
import { type Instant, msOf } from '../lifecycle/instant.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A ULID that follows from its seed: the same seed makes the same id, so a job that is made twice by a repeated
 * attempt or a repeated event is one job. Time part from `at`, the 80 random bits from SHA-256 of the seed.
 */
export function derivedJobId(at: Instant, seed: string): string {
  const hash = createHash('sha256').update(seed).digest();
  const random = BigInt(`0x${hash.subarray(0, 10).toString('hex')}`);
  let value = (BigInt(msOf(at)) << 80n) | random;
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    text = CROCKFORD.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
}

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openPayload, saltedHash, sealPayload } from './payload-envelope.ts';

const SALT = 'ab'.repeat(32);

describe('a payload’s envelope', () => {
  it('gives back what was put in', () => {
    const body = { user_id: 'u', list: [1, { deep: null }] };
    expect(openPayload(sealPayload(body, SALT))).toEqual({ body, salt: SALT });
  });

  it.each([
    ['nothing', {}],
    ['another version', { ...sealPayload({}, SALT), v: 2 }],
    ['no salt', { v: 1, body: {} }],
    ['a body that is no object', { v: 1, salt: SALT, body: [] }],
    ['no body', { v: 1, salt: SALT, body: null }],
  ])('of %s is refused', (_, stored) => {
    expect(() => openPayload(stored)).toThrow(TypeError);
  });
});

describe('a salted hash', () => {
  it('is SHA-256 over salt and canonical JSON', () => {
    const expected = createHash('sha256').update(`${SALT}{"a":1,"b":2}`).digest('hex');
    expect(saltedHash({ b: 2, a: 1 }, SALT)).toBe(expected);
  });

  it('tells nothing to one who knows the body but not the salt', () => {
    expect(saltedHash({ a: 1 }, SALT)).not.toBe(saltedHash({ a: 1 }, 'cd'.repeat(32)));
  });
});

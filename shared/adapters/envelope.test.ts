import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type FieldPlace, keyIdOf, openEnvelope, sealEnvelope } from './envelope.ts';

const PLACE: FieldPlace = { table: 'jobs', pk: 'JOB#1', sk: 'PAYLOAD', attribute: 'body' };
const KEYS = { dayKey: randomBytes(32), secret: randomBytes(32) };
const TEXT = Buffer.from('{"medication":"text that must not be seen"}');

describe('a sealed field', () => {
  test('opens to the same bytes at its place with its keys', () => {
    const envelope = sealEnvelope(PLACE, '2031-05-06', KEYS, TEXT);
    expect(openEnvelope(PLACE, KEYS, envelope)).toEqual(TEXT);
  });

  test('begins with scheme, length of the key id and key id, and is 30 bytes longer than id and text', () => {
    const envelope = sealEnvelope(PLACE, '2031-05-06', KEYS, TEXT);
    expect([...envelope.subarray(0, 2)]).toEqual([1, 10]);
    expect(keyIdOf(envelope)).toBe('2031-05-06');
    expect(envelope).toHaveLength(2 + 10 + 12 + TEXT.length + 16);
    expect(Buffer.from(envelope).includes('must not be seen')).toBe(false);
  });

  test('is another one each time', () => {
    const [a, b] = [sealEnvelope(PLACE, 'd', KEYS, TEXT), sealEnvelope(PLACE, 'd', KEYS, TEXT)];
    expect(a).not.toEqual(b);
  });

  test.each<[string, Partial<FieldPlace>]>([
    ['table', { table: 'records' }],
    ['partition', { pk: 'JOB#2' }],
    ['sort key', { sk: 'RESULT' }],
    ['attribute', { attribute: 'other' }],
    // The same joined text, cut in another way.
    ['border between two members', { pk: 'JOB#1PAY', sk: 'LOAD' }],
  ])('does not open under another %s', (_, other) => {
    const envelope = sealEnvelope(PLACE, 'd', KEYS, TEXT);
    expect(() => openEnvelope({ ...PLACE, ...other }, KEYS, envelope)).toThrow(
      expect.objectContaining({ name: 'FieldCipherError', code: 'not_authentic' }),
    );
  });

  test.each(['dayKey', 'secret'] as const)('does not open with another %s', (name) => {
    const envelope = sealEnvelope(PLACE, 'd', KEYS, TEXT);
    expect(() => openEnvelope(PLACE, { ...KEYS, [name]: randomBytes(32) }, envelope)).toThrow('did not open');
  });

  test('does not open with any one byte of nonce, text or tag changed', () => {
    const envelope = sealEnvelope(PLACE, 'd', KEYS, TEXT);
    for (let position = 3; position < envelope.length; position += 1) {
      const altered = Buffer.from(envelope);
      altered.writeUInt8((altered[position] ?? 0) ^ 1, position);
      expect(() => openEnvelope(PLACE, KEYS, altered)).toThrow('did not open');
    }
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['another scheme', Buffer.concat([Buffer.from([2, 1]), randomBytes(60)])],
    ['no key id', Buffer.concat([Buffer.from([1, 0]), randomBytes(60)])],
    ['too few bytes', Buffer.concat([Buffer.from([1, 10]), randomBytes(30)])],
  ])('is not taken for one when it is %s', (_, bytes) => {
    expect(() => keyIdOf(bytes)).toThrow(expect.objectContaining({ code: 'not_an_envelope' }));
  });
});

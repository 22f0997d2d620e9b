import { describe, expect, it } from 'vitest';
import { BODY_DEPTH_LIMIT, BODY_LIMIT_BYTES } from '#shared/contract/routes.ts';
import { ProblemError } from '#shared/errors/problem-error.ts';
import { apiEvent } from '#test/builders/api-event.ts';
import { readBody } from './read-body.ts';

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ProblemError) return error.code;
    throw error;
  }
  return 'accepted';
}

const raw = (rawBody: string, headers = {}) => apiEvent({ rawBody, headers });
const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;

describe('readBody', () => {
  it('reads JSON, plain and in Base64', () => {
    expect(readBody(apiEvent({ body: { a: 'ü' } }))).toEqual({ value: { a: 'ü' }, problems: [] });
    expect(readBody(apiEvent({ body: { a: 'ü' }, base64: true })).value).toEqual({ a: 'ü' });
  });

  it.each([
    ['application/json; charset=utf-8', 'accepted'],
    ['Application/JSON;charset="UTF-8"', 'accepted'],
    ['application/json; charset=latin1', 'unsupported_media_type'],
    ['application/problem+json', 'unsupported_media_type'],
    ['text/plain', 'unsupported_media_type'],
    ['', 'unsupported_media_type'],
  ])('content type %j: %s', (type, expected) => {
    expect(codeOf(() => readBody(raw('{}', { 'Content-Type': type })))).toBe(expected);
  });

  it('takes no content encoding', () => {
    expect(codeOf(() => readBody(raw('{}', { 'Content-Encoding': 'gzip' })))).toBe('unsupported_media_type');
  });

  it.each([
    ['at the limit', 0, 'accepted'],
    ['one byte over', 1, 'body_too_large'],
  ])('measures bytes %s', (_name, over, expected) => {
    const text = JSON.stringify({ a: 'ü'.repeat((BODY_LIMIT_BYTES - 8) / 2) });
    expect(Buffer.byteLength(text)).toBe(BODY_LIMIT_BYTES);
    const padded = text + ' '.repeat(over);
    expect(codeOf(() => readBody(raw(padded)))).toBe(expected);
    expect(codeOf(() => readBody(apiEvent({ rawBody: padded, base64: true })))).toBe(expected);
  });

  it.each(['', '   ', '{', '{"a":1,}', "{'a':1}", 'NaN', '{"a":1}}'])('refuses %j as malformed', (text) => {
    expect(codeOf(() => readBody(raw(text)))).toBe('malformed_json');
  });

  it('refuses bytes that are no UTF-8', () => {
    const event = {
      ...apiEvent({ rawBody: '' }),
      isBase64Encoded: true,
      body: Buffer.from([0x7b, 0xff]).toString('base64'),
    };
    expect(codeOf(() => readBody(event))).toBe('malformed_json');
  });

  it('limits nesting before it parses', () => {
    expect(codeOf(() => readBody(raw(nested(BODY_DEPTH_LIMIT))))).toBe('accepted');
    expect(codeOf(() => readBody(raw(nested(BODY_DEPTH_LIMIT + 1))))).toBe('invalid_input');
    expect(codeOf(() => readBody(raw('['.repeat(30_000))))).toBe('invalid_input');
    // Brackets inside of text do not nest.
    expect(codeOf(() => readBody(raw(JSON.stringify({ a: '[{'.repeat(50) }))))).toBe('accepted');
  });

  it('names fields that stand twice, however they are spelled', () => {
    expect(readBody(raw('{"a":1,"b":{"c":1,"c":2},"a":3,"\\u0061":4}')).problems).toEqual([
      { pointer: '/b/c', code: 'repeated_field', detail: 'Name each field once.' },
      { pointer: '/a', code: 'repeated_field', detail: 'Name each field once.' },
      { pointer: '/a', code: 'repeated_field', detail: 'Name each field once.' },
    ]);
    expect(readBody(raw('[{"a":1},{"a":1}]')).problems).toEqual([]);
    expect(readBody(raw(`{"a"${' '.repeat(500)}:1,"a":2}`)).problems).toHaveLength(1);
    expect(readBody(raw('{"a":"b","c":"a","d":["a","a"]}')).problems).toEqual([]);
  });

  it('refuses __proto__ and leaves the prototype of the value alone', () => {
    const { value, problems } = readBody(raw('{"list":[0,{"__proto__":{"admin":true}}]}'));
    expect(problems).toMatchObject([{ pointer: '/list/1/__proto__', code: 'unknown_field' }]);
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
    expect(value).toHaveProperty('list');
  });

  it('names text with control characters or broken Unicode, not the text', () => {
    const { problems } = readBody(raw('{"a":"x\\u0000y","b":["ok","\\ud800"],"c":"tab\\t","d":"\\u009b"}'));
    expect(problems.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/a control_character',
      '/b/1 invalid_text',
      '/c control_character',
      '/d control_character',
    ]);
  });
});

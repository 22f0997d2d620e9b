import { describe, expect, it } from 'vitest';
import { ProblemError } from '#shared/errors/problem-error.ts';
import { apiEvent } from '#test/builders/api-event.ts';
import { distinctValues, headerValues, soleHeader } from './sole-header.ts';

const withHeaders = (repeatedHeaders: Record<string, string[]>) => apiEvent({ repeatedHeaders });

describe('a header that decides something', () => {
  it.each([
    ['is absent', {}, undefined],
    ['stands once', { authorization: ['Bearer a'] }, 'Bearer a'],
    ['says the same twice', { Authorization: ['Bearer a', 'Bearer a '] }, 'Bearer a'],
    ['says the same twice in one line', { Authorization: ['Bearer a, Bearer a'] }, 'Bearer a'],
    ['has another scheme with commas', { Authorization: ['Digest a="1", b="2"'] }, 'Digest a="1", b="2"'],
    ['says the same in two spellings', { Authorization: ['x'], authorization: ['x'] }, 'x'],
  ])('is read when it %s', (_name, headers: Record<string, string[]>, value) => {
    expect(distinctValues(withHeaders(headers), 'Authorization')).toEqual(value === undefined ? [] : [value]);
  });

  it.each([
    ['twice', { Authorization: ['Bearer a', 'Bearer b'] }],
    ['in two spellings', { Authorization: ['Bearer a'], authorization: ['Bearer b'] }],
    ['in one line', { Authorization: ['Bearer a,bearer b'] }],
  ])('is seen to say different things %s', (_name, headers: Record<string, string[]>) => {
    expect(distinctValues(withHeaders(headers), 'Authorization')).toHaveLength(2);
  });

  it.each([
    ['twice', { 'Content-Type': ['application/json', 'text/plain'] }],
    ['in two spellings', { 'Content-Type': ['application/json'], 'content-type': ['text/plain'] }],
    ['in one line', { 'Content-Type': ['application/json, text/plain'] }],
  ])('is refused when it says different things %s', (_name, headers: Record<string, string[]>) => {
    const read = () => soleHeader(withHeaders(headers), 'Content-Type');
    expect(read).toThrow(ProblemError);
    expect(read).toThrow(expect.objectContaining({ code: 'invalid_input' }));
    expect(read).toThrow(
      expect.objectContaining({
        problems: [{ pointer: '', code: 'repeated_header', detail: 'Header Content-Type: send it once.' }],
      }),
    );
  });

  it('is read from the plain list where there is no other', () => {
    const event = apiEvent({ headers: { 'Idempotency-Key': 'k' } });
    expect(headerValues(event, 'idempotency-key')).toEqual(['k']);
  });
});

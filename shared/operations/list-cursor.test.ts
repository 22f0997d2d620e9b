import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../errors/problem-error.ts';
import { decodeCursor, encodeCursor, type ListCursor } from './list-cursor.ts';

const OF = 'of-this-list';

const after = fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined });
const cursor: fc.Arbitrary<ListCursor> = fc
  .oneof(
    fc.record({ index: fc.nat(), after }).map((one) => ({ phase: 'own' as const, ...one })),
    fc.record({ phase: fc.constantFrom('open' as const, 'ended' as const), after }),
  )
  .map(({ after: text, ...rest }) => ({ ...rest, ...(text !== undefined && { after: text }) }) as ListCursor); // Without an undefined member.

describe('a cursor', () => {
  it('is read as it was written, and is fit for a URL', () => {
    fc.assert(
      fc.property(cursor, (one) => {
        const text = encodeCursor(one, OF);
        expect(text).toMatch(/^[\w-]+$/);
        expect(decodeCursor(text, OF)).toEqual(one);
      }),
    );
  });

  it.each([
    '',
    'not base64 at all!',
    ...[null, 1, [], {}, { phase: 'other' }, { phase: 'own' }, { phase: 'own', index: -1 }].map((value) =>
      Buffer.from(
        JSON.stringify(
          value && typeof value === 'object' && !Array.isArray(value) ? { ...value, of: OF } : value,
        ),
      ).toString('base64url'),
    ),
    encodeCursor({ phase: 'own', index: 1.5 }, OF),
  ])('is refused when it is none of ours: %s', (text) => {
    expect(() => decodeCursor(text, OF)).toThrow(ProblemError);
  });

  it('of any text is read or refused, and breaks nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.boolean(), (text, encoded) => {
        try {
          const one = decodeCursor(encoded ? Buffer.from(text).toString('base64url') : text, OF);
          expect(['own', 'open', 'ended']).toContain(one.phase);
        } catch (error) {
          expect(error).toBeInstanceOf(ProblemError);
        }
      }),
    );
  });
});

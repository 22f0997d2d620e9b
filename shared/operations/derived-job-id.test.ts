import fc from 'fast-check';
import { decodeTime, isValid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../lifecycle/instant.ts';
import { derivedJobId } from './derived-job-id.ts';

const ms = fc.integer({ min: 0, max: Date.UTC(2999, 11, 31) });

describe('a derived job id', () => {
  it('is a ULID of its moment, the same for the same seed and another for another', () => {
    fc.assert(
      fc.property(ms, fc.string(), fc.string(), (at, seed, other) => {
        const id = derivedJobId(instantOf(at), seed);
        expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
        expect(isValid(id)).toBe(true);
        expect(decodeTime(id)).toBe(at);
        expect(derivedJobId(instantOf(at), seed)).toBe(id);
        expect(derivedJobId(instantOf(at), other) === id).toBe(seed === other);
      }),
    );
  });

  it('does not change from one version to the next: jobs under way are found again by it', () => {
    expect(derivedJobId('2026-03-08T00:00:00.000Z', 'recurring#daily-backup#2026-03-08')).toBe(
      '01KK5BWR004AB23NHKF6WQE5NH',
    );
  });
});

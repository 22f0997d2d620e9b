import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPath } from './path-rule.ts';

describe('a backup path', () => {
  it.each([
    ['on-demand', 'on-demand'],
    ['daily/2026-03-01/', 'daily/2026-03-01'],
    ['a/b/c/d/e/f/g/h', 'a/b/c/d/e/f/g/h'],
    ['year=2026/month=03/v1.2_final', 'year=2026/month=03/v1.2_final'],
    ['20261123T205541', '20261123T205541'],
  ])('is accepted: %s', (path, kept) => {
    expect(checkPath(path)).toEqual({ ok: true, path: kept });
  });

  it.each([
    ['', 'empty_path'],
    ['..', 'parent_segment'],
    ['../other', 'parent_segment'],
    ['daily/../../audit', 'parent_segment'],
    ['daily/..', 'parent_segment'],
    ['daily..weekly', 'parent_segment'],
    ['%2e%2e/audit', 'encoded_characters'],
    ['daily/%2E%2E%2Faudit', 'encoded_characters'],
    ['daily/%252e%252e/audit', 'encoded_characters'],
    ['daily/.%2e/audit', 'encoded_characters'],
    ['daily/%c0%ae%c0%ae/audit', 'encoded_characters'],
    ['/daily', 'absolute_path'],
    ['//daily', 'absolute_path'],
    ['\\\\host\\share', 'absolute_path'],
    ['~/daily', 'absolute_path'],
    ['s3://another-bucket/daily', 'other_bucket'],
    ['S3://another-bucket', 'other_bucket'],
    ['https://another-bucket.s3.amazonaws.com/daily', 'other_bucket'],
    ['arn:aws:s3:::another-bucket/daily', 'other_bucket'],
    ['C:\\daily', 'other_bucket'],
    ['daily\\..\\audit', 'parent_segment'],
    ['daily\\weekly', 'character_not_allowed'],
    ['daily/\u2024\u2024/audit', 'character_not_allowed'],
    ['daily/\uff0e\uff0e/audit', 'character_not_allowed'],
    ['daily\u0000', 'character_not_allowed'],
    ['daily\n', 'character_not_allowed'],
    [' daily', 'character_not_allowed'],
    ['jane.doe@example.org', 'character_not_allowed'],
    ['daily?versionId=1', 'character_not_allowed'],
    ['daily//weekly', 'empty_segment'],
    ['daily/./weekly', 'segment_start'],
    ['.hidden', 'segment_start'],
    ['daily/-rf', 'segment_start'],
    [`${'a'.repeat(65)}/b`, 'segment_too_long'],
    ['a/b/c/d/e/f/g/h/i', 'too_many_segments'],
    ['patients/123-45-6789', 'looks_like_identifier'],
    ['patients/555-867-5309', 'looks_like_identifier'],
    ['mrn/004815162342', 'looks_like_identifier'],
  ])('is refused: %j as %s', (path, code) => {
    expect(checkPath(path)).toEqual({ ok: false, code, detail: expect.any(String) });
  });

  it('never leaves the prefix that it names, whatever is sent', () => {
    const sentences = new Map<string, string>();
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '//',
      '%2e',
      '\\',
      's3:',
      'a',
      'B9',
      '-',
      '_',
      '=',
      ' ',
      '\u2024',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
        ),
        (path) => {
          const checked = checkPath(path);
          if (!checked.ok) {
            // Whatever was sent, one sentence for each reason: nothing of it is repeated.
            expect(checked.detail).toBe(sentences.get(checked.code) ?? checked.detail);
            sentences.set(checked.code, checked.detail);
            return;
          }
          expect(posix.normalize(checked.path)).toBe(checked.path);
          expect(posix.resolve('/bucket', checked.path).startsWith('/bucket')).toBe(true);
          expect(decodeURIComponent(checked.path)).toBe(checked.path);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

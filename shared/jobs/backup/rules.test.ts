import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { backup } from './index.ts';
import { rules } from './rules.ts';
import { schema } from './schema.ts';

const validates = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

describe('the body', () => {
  it('accepts its own example', () => {
    expect(validates(backup.example)).toBe(true);
    expect(backup.open(backup.example).rules({ now: '2026-03-01T00:00:00.000Z', records: [] })).toEqual({
      ok: true,
      payload: backup.example,
    });
  });

  it.each([
    ['no storage', { backup_type: 'full' }],
    ['an empty path', { backup_type: 'full', storage_config: { type: 's3', path: '' } }],
    ['a long path', { backup_type: 'full', storage_config: { type: 's3', path: 'a/'.repeat(129) } }],
    ['a bucket', { backup_type: 'full', storage_config: { type: 's3', path: 'a', bucket: 'b' } }],
    ['a list of paths', { backup_type: 'full', storage_config: { type: 's3', path: ['a'] } }],
  ])('is refused by the schema: %s', (_, payload) => {
    expect(validates(payload)).toBe(false);
  });

  it('is refused with all problems at once, and without repeating what was sent', () => {
    const ruling = rules({ backup_type: 'partial', storage_config: { type: 'ftp', path: '../secret' } });
    expect(ruling).toEqual({
      ok: false,
      problems: [
        {
          pointer: '/backup_type',
          code: 'unsupported_backup_type',
          detail: 'Must be `full`, `incremental` or `differential`.',
        },
        {
          pointer: '/storage_config/type',
          code: 'unsupported_storage_type',
          detail: 'Only `s3` is available.',
        },
        { pointer: '/storage_config/path', code: 'parent_segment', detail: expect.any(String) },
      ],
    });
    expect(JSON.stringify(ruling)).not.toMatch(/secret|ftp|partial/);
  });

  it.each(['full', 'incremental', 'differential'])('may ask for a backup that is %s', (backup_type) => {
    const payload = { backup_type, storage_config: { type: 's3', path: 'daily' } };
    expect(rules(payload)).toEqual({ ok: true, payload });
  });

  it('loses the trailing slash of its path', () => {
    expect(rules({ backup_type: 'full', storage_config: { type: 's3', path: 'daily/' } })).toEqual({
      ok: true,
      payload: { backup_type: 'full', storage_config: { type: 's3', path: 'daily' } },
    });
  });
});

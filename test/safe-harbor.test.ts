import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '#shared/adapters/log.ts';
import { LOG_FIELDS } from '#shared/contract/log-events.ts';
import { errorFields } from '#shared/errors/error-fields.ts';
import data from './data/safe-harbor-redaction.json' with { type: 'json' };

afterEach(() => vi.restoreAllMocks());

/** What the log writes when somebody hands it the text by every way there is. */
function written(text: string): string {
  const lines: string[] = [];
  const take = (line: string | Uint8Array): boolean => lines.push(String(line)) > 0;
  // Where Powertools' own console writes.
  vi.spyOn(process.stdout, 'write').mockImplementation(take);
  vi.spyOn(process.stderr, 'write').mockImplementation(take);
  const log = createLog();
  const fields = Object.fromEntries([...LOG_FIELDS, 'user_id', 'message', text].map((name) => [name, text]));
  for (const level of ['info', 'warn', 'error'] as const) log[level]('request.failed', fields);
  const error = new Error(text, { cause: new TypeError(text) });
  error.stack = `${text}\n    at ${text} (${text}:1:1)`;
  log.error('request.failed', { ...errorFields(error) });
  vi.restoreAllMocks();
  expect(lines).toHaveLength(4);
  return lines.join('\n');
}

describe('an identifier of 45 CFR 164.514(b)(2)', () => {
  it('is one of eighteen', () => {
    expect(data.items.map(({ letter }) => letter).join('')).toBe('ABCDEFGHIJKLMNOPQR');
  });

  it.each(data.items)('($letter) $identifier: does not reach the log', ({ example }) => {
    const log = written(example);
    expect(log).not.toContain(example);
    // Nor a part of it: what has a digit, or begins with a capital.
    for (const word of example.split(/[\s,]+/).filter((part) => /\d|^[A-Z]/.test(part) && part.length > 2))
      expect(log).not.toContain(word);
  });
});

import { expect, it } from 'vitest';
import { RetryableError } from './attempt-error.ts';
import { errorFields } from './error-fields.ts';

const SECRET = 'aspirin at /etc/user-1\n    at nowhere (secret.js:1:1)';

it('tells names, reason and place of an error, never its message', () => {
  const fields = errorFields(
    new RetryableError('dependency_unavailable', SECRET, { cause: new RangeError(SECRET) }),
  );
  expect(fields).toEqual({
    error_name: 'RetryableError',
    reason: 'dependency_unavailable',
    error_cause: 'RangeError',
    error_at: expect.stringContaining('error-fields.test.ts'),
  });
  expect(JSON.stringify(fields)).not.toMatch(/aspirin|secret\.js/);
});

it('names the type of what is no error', () => {
  expect(errorFields(undefined)).toEqual({ error_name: 'undefined' });
  expect(errorFields({ message: SECRET })).toEqual({ error_name: 'object' });
});

import { expect, it } from 'vitest';
import { redactedFields } from './log-redaction.ts';
import { redactionHolds } from './redaction-self-test.ts';

it('the self-test of redaction passes, and fails when one field lets a text through', () => {
  expect(redactionHolds()).toBe(true);
  const leaks = (fields: Readonly<Record<string, unknown>>) => ({
    ...redactedFields(fields),
    reason: String(fields['reason']),
  });
  expect(redactionHolds(leaks)).toBe(false);
});

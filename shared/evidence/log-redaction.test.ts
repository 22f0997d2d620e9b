import { describe, expect, it } from 'vitest';
import { LOG_FIELDS } from '../contract/log-events.ts';
import { REDACTED, redactedFields } from './log-redaction.ts';

/** One invented example of each identifier of 45 CFR 164.514(b)(2)(i), (A) to (R). */
const IDENTIFIERS = {
  A: 'Patient John Q. Smith missed a dose',
  B: 'ship to 12 Elm St, Springfield, 62704',
  C: 'DOB 1931-04-09, admitted 2026-02-11, age 94',
  D: 'call +1 (212) 555-0147',
  E: 'fax 212-555-0199',
  F: 'mail jane.doe@example.com',
  G: 'SSN 123-45-6789',
  H: 'MRN: 00482913',
  I: 'member id XHJ3332W1234',
  J: 'acct 4539-1488-0343-6467',
  K: 'DEA AB1234563',
  L: 'VIN 1HGCM82633A004352',
  M: 'pump serial SN-99-0042A',
  N: 'https://portal.example.org/patient/42',
  O: 'from 203.0.113.42 and 2001:db8::1',
  P: 'fingerprint template 0x9f3a',
  Q: 'photo s3://bucket/face-42.jpg',
  R: 'user_id 7d1c-42 linked to device token',
};

describe('a log line', () => {
  it.each(Object.entries(IDENTIFIERS))('carries no identifier (%s) in any field: %s', (_, text) => {
    const fields = Object.fromEntries(LOG_FIELDS.map((name) => [name, text]));
    expect(redactedFields(fields)).toEqual(Object.fromEntries(LOG_FIELDS.map((name) => [name, REDACTED])));
  });

  it.each([
    ['correlation_id', '93f55d14-06b5-4c8a-a552-f6b15033d391'],
    ['job_id', '0000000000M2C8RZ6T4YPA1FEV'],
    ['reason', 'relationship encryption_key'],
    ['route', '/api/v1/users/{user_id}/medications/{medication_id}'],
    ['step', 'verifyCompliance'],
    ['error_name', 'TransactionCanceledException'],
    [
      'error_at',
      'at async Object.put (file:///var/task/index.mjs:12:3456) < at node:internal/process/task_queues:104:5',
    ],
    ['duration_ms', 12.5],
  ] as const)('carries what its fields are for: %s', (name, value) => {
    expect(redactedFields({ [name]: value })).toEqual({ [name]: value });
  });

  it('reads a stack as quickly when it is none', () => {
    // With frames that could be divided in many ways this took longer than anybody waits.
    for (const text of [
      `at ${'a < at '.repeat(2_000)}!`,
      `at ${'a.b '.repeat(2_000)}!`,
      `at ${'a'.repeat(9_000)}!`,
    ])
      expect(redactedFields({ error_at: text })).toEqual({ error_at: REDACTED });
  });

  it.each([
    'at async Promise.all (index 0)',
    'at new Engine (file:///var/task/index.mjs:1:2)',
    'at Object.<anonymous> (/var/task/index.mjs:1:2) < at file:///var/task/index.mjs:3:4',
    'at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
    'at async #refresh (file:///var/task/index.mjs:9:1)',
    'at JSON.parse (<anonymous>) < at Array.map (<anonymous>) < at read (file:///var/task/index.mjs:9:1)',
  ])('carries frames as the runtime writes them: %s', (frames) => {
    expect(redactedFields({ error_at: frames })).toEqual({ error_at: frames });
  });

  it('drops what is no field, and values that are no plain ones', () => {
    expect(redactedFields({ user_id: 'u', body: 'x', reason: { a: 1 }, kind: undefined })).toEqual({});
    expect(redactedFields({ count: '3 tablets' })).toEqual({ count: REDACTED });
  });
});
